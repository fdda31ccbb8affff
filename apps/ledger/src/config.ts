import { brokerList, consumerLimits } from "@tollgate/event-log";
import { configReader, type Environment } from "@tollgate/runtime";
import { readTracingConfig, type TracingConfig } from "@tollgate/telemetry";

export interface LedgerConfig {
  readonly tracing: TracingConfig;
  readonly brokers: readonly string[];
  readonly postgresUrl: string;
  readonly topicPrefix: string;
  /** The consumer groups are `<prefix>.ledger.decisions` and `<prefix>.ledger.labels`. */
  readonly groupPrefix: string;
  readonly sessionTimeoutMs: number;
  readonly httpHost: string;
  readonly httpPort: number;
}

/** @throws ConfigError naming every setting that is missing or wrong. */
export function loadConfig(environment: Environment): LedgerConfig {
  const read = configReader(environment);
  const config: LedgerConfig = {
    tracing: readTracingConfig(read),
    brokers: brokerList(read.string("TOLLGATE_KAFKA_BROKERS", "127.0.0.1:9092")),
    postgresUrl: read.string("TOLLGATE_POSTGRES_URL"),
    topicPrefix: read.string("TOLLGATE_TOPIC_PREFIX", ""),
    groupPrefix: read.string("TOLLGATE_GROUP_PREFIX", "tollgate"),
    sessionTimeoutMs: read.integer("TOLLGATE_SESSION_TIMEOUT_MS", {
      default: consumerLimits.sessionTimeoutMs,
      min: 1_000,
      max: 300_000,
    }),
    httpHost: read.string("TOLLGATE_LEDGER_HTTP_HOST", "127.0.0.1"),
    httpPort: read.integer("TOLLGATE_LEDGER_HTTP_PORT", { default: 9_103, min: 0, max: 65_535 }),
  };
  read.finish();
  return config;
}

/** The one place where this app looks at its process's environment. */
export function processEnvironment(): Environment {
  return process.env;
}
