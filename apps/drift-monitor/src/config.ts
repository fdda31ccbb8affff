import { brokerList } from "@tollgate/event-log";
import { ConfigError, configReader, webhookFault, type Environment } from "@tollgate/runtime";
import { driftMonitorLimits } from "./limits.ts";

export interface DriftMonitorConfig {
  /** Package of the engagement. */
  readonly engagement: string;
  /** Folder of the model registry; undefined for the one that the engagement carries. */
  readonly registryFolder: string | undefined;
  /** `name@alias`: whose version decisions without a model are counted under. */
  readonly model: string;
  readonly brokers: readonly string[];
  /** The ledger's database: labels find their decisions there; the monitor has the schema `drift` in it. */
  readonly postgresUrl: string;
  readonly topicPrefix: string;
  /** The consumer groups are `<prefix>.drift.decisions`, `.labelled-transactions` and `.labels`. */
  readonly groupPrefix: string;
  readonly sessionTimeoutMs: number;
  /** Event time that a window waits for late decisions after its end. */
  readonly latenessMs: number;
  /** Of /livez, /readyz and /metrics. */
  readonly probeHost: string;
  readonly probePort: number;
  readonly api: { readonly host: string; readonly port: number; readonly key: string | undefined };
  /** Where alerts go; undefined: nowhere. */
  readonly webhook: { readonly url: string; readonly secret: string } | undefined;
}

/** @throws ConfigError naming every setting that is missing or wrong. */
export function loadConfig(environment: Environment): DriftMonitorConfig {
  const read = configReader(environment);
  const port = { min: 0, max: 65_535 };
  const config: DriftMonitorConfig = {
    engagement: read.string("TOLLGATE_ENGAGEMENT", "@tollgate/engagement-card-payments"),
    registryFolder: read.optional("TOLLGATE_MODEL_REGISTRY"),
    model: read.string("TOLLGATE_MODEL", "card-payments@champion"),
    brokers: brokerList(read.string("TOLLGATE_KAFKA_BROKERS", "127.0.0.1:9092")),
    postgresUrl: read.string("TOLLGATE_POSTGRES_URL"),
    topicPrefix: read.string("TOLLGATE_TOPIC_PREFIX", ""),
    groupPrefix: read.string("TOLLGATE_GROUP_PREFIX", "tollgate"),
    sessionTimeoutMs: read.integer("TOLLGATE_SESSION_TIMEOUT_MS", {
      default: driftMonitorLimits.sessionTimeoutMs,
      min: 6_000,
      max: 300_000,
    }),
    latenessMs:
      60_000 * read.integer("TOLLGATE_DRIFT_LATENESS_MINUTES", { default: 15, min: 0, max: 10_080 }),
    probeHost: read.string("TOLLGATE_DRIFT_HTTP_HOST", "127.0.0.1"),
    probePort: read.integer("TOLLGATE_DRIFT_HTTP_PORT", { default: 9_104, ...port }),
    api: {
      host: read.string("TOLLGATE_DRIFT_API_HOST", "127.0.0.1"),
      port: read.integer("TOLLGATE_DRIFT_API_PORT", { default: 8_082, ...port }),
      key: read.optional("TOLLGATE_DRIFT_API_KEY"),
    },
    webhook: webhookOf(
      read.optional("TOLLGATE_DRIFT_WEBHOOK_URL"),
      read.optional("TOLLGATE_DRIFT_WEBHOOK_SECRET"),
    ),
  };
  read.finish();
  const faults = [...webhookFaults(config), ...apiFaults(config)];
  if (faults.length > 0) throw new ConfigError(faults);
  return config;
}

/** The one place where this app looks at its process's environment. */
export function processEnvironment(): Environment {
  return process.env;
}

function webhookOf(url: string | undefined, secret: string | undefined): DriftMonitorConfig["webhook"] {
  return url === undefined ? undefined : { url, secret: secret ?? "" };
}

const secretCharactersMin = 16;
const loopback = new Set(["127.0.0.1", "::1", "localhost"]);

function webhookFaults({ webhook }: DriftMonitorConfig): readonly string[] {
  if (webhook === undefined) return [];
  const faults: string[] = [];
  if (webhook.secret.length < secretCharactersMin) {
    faults.push(`TOLLGATE_DRIFT_WEBHOOK_SECRET must have at least ${secretCharactersMin} characters`);
  }
  const fault = webhookFault(webhook.url);
  if (fault !== undefined) faults.push(`TOLLGATE_DRIFT_WEBHOOK_URL is "${webhook.url}": ${fault}`);
  return faults;
}

/** The answers hold money: beyond this machine they are given to who knows the key. */
function apiFaults({ api }: DriftMonitorConfig): readonly string[] {
  if (loopback.has(api.host) || api.key !== undefined) return [];
  return [
    `TOLLGATE_DRIFT_API_KEY is not set, and TOLLGATE_DRIFT_API_HOST is ${api.host}: others would read it`,
  ];
}
