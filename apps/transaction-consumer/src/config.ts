import {
  ConfigError,
  configReader,
  parseWebhookTargets,
  type Environment,
  type WebhookTargets,
} from "@tollgate/runtime";
import { readScoringConfig, type ScoringConfig } from "@tollgate/scoring";
import { readTracingConfig, type TracingConfig } from "@tollgate/telemetry";
import { consumerAppLimits } from "./limits.ts";

export interface ConsumerConfig {
  readonly scoring: ScoringConfig;
  readonly tracing: TracingConfig;
  /** Prefix of the consumer groups: one scores transactions, two for each layout apply the log to states. */
  readonly groupPrefix: string;
  readonly sessionTimeoutMs: number;
  /** Where callers may have outcomes sent; the secret that the messages are signed with. */
  readonly webhooks: { readonly targets: WebhookTargets; readonly secret: string };
  /** Of /livez, /readyz and /metrics. */
  readonly probeHost: string;
  readonly probePort: number;
}

/** @throws ConfigError naming every fault. */
export function loadConfig(environment: Environment): ConsumerConfig {
  const reader = configReader(environment);
  const config = {
    scoring: readScoringConfig(reader, { outboxFolder: ".local/outbox/transaction-consumer" }),
    tracing: readTracingConfig(reader),
    groupPrefix: reader.string("TOLLGATE_GROUP_PREFIX", "tollgate"),
    sessionTimeoutMs: reader.integer("TOLLGATE_SESSION_TIMEOUT_MS", {
      default: 10_000,
      min: 6_000,
      max: 300_000,
    }),
    probeHost: reader.string("TOLLGATE_CONSUMER_HTTP_HOST", "127.0.0.1"),
    probePort: reader.integer("TOLLGATE_CONSUMER_HTTP_PORT", { default: 8081, min: 0, max: 65_535 }),
  };
  const { targets, faults } = parseWebhookTargets(reader.optional("TOLLGATE_WEBHOOK_TARGETS") ?? "");
  const secret = reader.optional("TOLLGATE_WEBHOOK_SECRET") ?? "";
  reader.finish();
  const wrong = faults.map((fault) => `TOLLGATE_WEBHOOK_TARGETS ${fault}`);
  const { webhookSecretCharacters: least } = consumerAppLimits;
  if (targets.size > 0 && secret.length < least) {
    wrong.push(`TOLLGATE_WEBHOOK_SECRET must have at least ${least} characters`);
  }
  if (wrong.length > 0) throw new ConfigError(wrong);
  return { ...config, webhooks: { targets, secret } };
}

export function processEnvironment(): Environment {
  return process.env;
}
