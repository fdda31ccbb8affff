import {
  ConfigError,
  configReader,
  parseWebhookTargets,
  type Environment,
  type WebhookTargets,
} from "@tollgate/runtime";
import { readScoringConfig, type ScoringConfig } from "@tollgate/scoring";
import { readTracingConfig, type TracingConfig } from "@tollgate/telemetry";
import { apiLimits } from "./limits.ts";

/** Settings of the HTTP interface; docs/reference/configuration-scoring-api.md describes each. */
export interface ScoringApiConfig {
  readonly scoring: ScoringConfig;
  readonly tracing: TracingConfig;
  /** Where older decisions are looked up; undefined: only those of the last minutes are found. */
  readonly postgresUrl: string | undefined;
  readonly host: string;
  readonly port: number;
  /** Processes that serve behind the one port. */
  readonly processes: number;
  /** Which of them this one is, from 0 on; set by the process that starts them. */
  readonly process: number;
  readonly keys: KeySource;
  readonly deadlineMs: number;
  readonly requestsInFlight: number;
  /** `/metrics`, `/docs` and `/openapi.json` without a key. */
  readonly openPages: boolean;
  /** Where callers of /v1/score/async may have outcomes sent. */
  readonly webhookTargets: WebhookTargets;
  /** How long it goes on serving after SIGTERM, already not ready, before it stops to listen. */
  readonly drainMs: number;
}

/** Where the API keys come from. */
export type KeySource =
  | { readonly from: "off" }
  | { readonly from: "file"; readonly path: string }
  | { readonly from: "environment"; readonly text: string };

/** @throws ConfigError naming every fault */
export function loadConfig(environment: Environment): ScoringApiConfig {
  const read = configReader(environment);
  const host = read.string("TOLLGATE_API_HTTP_HOST", "127.0.0.1");
  const loopback = isLoopback(host);
  const pages = read.oneOf("TOLLGATE_METRICS_AND_DOCS", {
    default: loopback ? "open" : "key",
    values: ["open", "key"],
  });
  const auth = read.oneOf("TOLLGATE_AUTH", { default: "on", values: ["on", "off"] });
  const path = read.optional("TOLLGATE_API_KEYS_FILE");
  const text = read.optional("TOLLGATE_API_KEYS");
  const config = {
    scoring: readScoringConfig(read, { outboxFolder: ".local/outbox/scoring-api" }),
    tracing: readTracingConfig(read),
    postgresUrl: read.optional("TOLLGATE_POSTGRES_URL"),
    host,
    port: read.integer("TOLLGATE_API_HTTP_PORT", { default: 8080, min: 0, max: 65_535 }),
    processes: read.integer("TOLLGATE_PROCESSES", { default: 1, min: 1, max: apiLimits.processes }),
    process: read.integer("TOLLGATE_PROCESS", { default: 0, min: 0, max: apiLimits.processes - 1 }),
    deadlineMs: read.integer("TOLLGATE_DEADLINE_MS", {
      default: apiLimits.deadlineMs,
      min: 1,
      max: apiLimits.deadlineMaxMs,
    }),
    requestsInFlight: read.integer("TOLLGATE_REQUESTS_IN_FLIGHT", {
      default: apiLimits.requestsInFlight,
      min: 1,
      max: 100_000,
    }),
    openPages: pages === "open",
    drainMs: read.integer("TOLLGATE_DRAIN_MS", { default: 0, min: 0, max: 5_000 }),
  };
  const { targets, faults } = parseWebhookTargets(read.optional("TOLLGATE_WEBHOOK_TARGETS") ?? "");
  read.finish();
  if (faults.length > 0) throw new ConfigError(faults.map((fault) => `TOLLGATE_WEBHOOK_TARGETS ${fault}`));
  if (config.processes > 1 && config.port === 0) {
    throw new ConfigError(["TOLLGATE_API_HTTP_PORT is 0: with TOLLGATE_PROCESSES above 1 name a port"]);
  }
  return { ...config, webhookTargets: targets, keys: keySource({ auth, loopback, path, text }) };
}

/** The one place where this app looks at its process's environment. */
export function processEnvironment(): Environment {
  return process.env;
}

interface KeySettings {
  readonly auth: "on" | "off";
  readonly loopback: boolean;
  readonly path: string | undefined;
  readonly text: string | undefined;
}

function keySource({ auth, loopback, path, text }: KeySettings): KeySource {
  if (auth === "off") {
    if (loopback) return { from: "off" };
    throw new ConfigError([
      "TOLLGATE_AUTH is off: that needs a loopback TOLLGATE_API_HTTP_HOST, as 127.0.0.1",
    ]);
  }
  if (path !== undefined && text !== undefined) {
    throw new ConfigError(["TOLLGATE_API_KEYS_FILE and TOLLGATE_API_KEYS are both set: set one"]);
  }
  if (path !== undefined) return { from: "file", path };
  if (text !== undefined) return { from: "environment", text };
  throw new ConfigError([
    "no API keys: make one with `node apps/scoring-api/src/create-key-command.ts --id NAME`, put its entry " +
      "into a JSON array in a file, and name the file in TOLLGATE_API_KEYS_FILE",
  ]);
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/u.test(host);
}
