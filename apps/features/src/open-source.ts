import { topicNames } from "@tollgate/contracts";
import type { connectKafka } from "@tollgate/event-log";
import { kafkaSource, type OpenLogSource } from "@tollgate/feature-replay";
import { connectLedger } from "@tollgate/ledger-store";
import type { Clock, Logger } from "@tollgate/runtime";
import type { FeaturesConfig } from "./config.ts";
import { FeaturesError } from "./features-error.ts";
import { ledgerSource } from "./ledger-source.ts";
import type { Source } from "./options.ts";

/** The log, from where the command line says. */
export function openSource(
  source: Source,
  config: FeaturesConfig,
  context: {
    readonly kafka: ReturnType<typeof connectKafka>;
    readonly clock: Clock;
    readonly logger: Logger;
  },
): OpenLogSource {
  const topics = topicNames(config.topicPrefix);
  if (source === "kafka") return kafkaSource({ topics, ...context });
  if (config.postgresUrl === undefined) {
    throw new FeaturesError("--source ledger needs TOLLGATE_POSTGRES_URL: the ledger's database");
  }
  const pool = connectLedger({ url: config.postgresUrl, logger: context.logger });
  return ledgerSource(pool, topics.decisions);
}
