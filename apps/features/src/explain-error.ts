import { ReplayError } from "@tollgate/feature-replay";
import { ConfigError } from "@tollgate/runtime";
import { FeaturesError } from "./features-error.ts";

const awayCodes: readonly unknown[] = [
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "ETIMEDOUT",
  "EHOSTUNREACH",
];

/** What a person should read of an error; undefined for a defect, which keeps its stack. */
export function explainError(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof FeaturesError || error instanceof ConfigError || error instanceof ReplayError) {
    return error.message;
  }
  if (error.name.startsWith("KafkaJS")) {
    return `Kafka does not answer (${error.message}): is the stack up, and TOLLGATE_KAFKA_BROKERS right?`;
  }
  const { code } = error as { readonly code?: unknown };
  if (!awayCodes.includes(code)) return undefined;
  return `PostgreSQL does not answer (${String(code)}): is the stack up, and TOLLGATE_POSTGRES_URL right?`;
}
