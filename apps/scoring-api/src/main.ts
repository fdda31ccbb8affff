import { createJsonProducer, type JsonProducer } from "@tollgate/event-log";
import { connectLedger, createLedgerReader, type LedgerReader } from "@tollgate/ledger-store";
import { runApp, systemClock, type Lifecycle, type Logger, type StartApp } from "@tollgate/runtime";
import { openScoring, scoreTransactions, type OpenScoring } from "@tollgate/scoring";
import { createReadiness, createTelemetry, type ReadinessPart } from "@tollgate/telemetry";
import { loadConfig, processEnvironment } from "./config.ts";
import { createApi } from "./create-api.ts";
import { decisionReader } from "./find-decision.ts";
import { loadApiKeys } from "./keys/load-api-keys.ts";
import { apiLimits } from "./limits.ts";
import type { LabelSink } from "./ports.ts";
import { listen, stopServing } from "./serve-api.ts";

const start: StartApp = async ({ lifecycle, logger }) => {
  const config = loadConfig(processEnvironment());
  const keys = await loadApiKeys(config.keys);
  const clock = systemClock();
  const telemetry = createTelemetry();
  const context = { clientId: "scoring-api", clock, logger, lifecycle, telemetry };
  const scoring = await openScoring(config.scoring, context);
  const labels = createJsonProducer({ kafka: scoring.kafka, topic: scoring.topics.labels, logger });
  lifecycle.onStop("labels", () => labels.stop());
  const isDraining = (): boolean => lifecycle.stopping;
  const server = createApi({
    engagement: scoring.engagement.engagement,
    scorer: (requests, deadline) => scoreTransactions(scoring.plan, requests, deadline),
    decisionReader: decisionReader(scoring.store, openLedger(config.postgresUrl, lifecycle, logger)),
    labelSink: labelSink(labels),
    keys,
    readiness: createReadiness({ parts: readinessParts(scoring), isDraining, logger }),
    isDraining,
    clock,
    telemetry,
    logger,
    config,
  });
  const port = await listen(server, config);
  // Registered last, so stopped first: nothing comes in while the rest is being closed.
  lifecycle.onStop("http", () => stopServing(server, config.drainMs));
  logger.info("listening", { host: config.host, port, auth: keys === "off" ? "off" : "on" });
};

function openLedger(url: string | undefined, lifecycle: Lifecycle, logger: Logger): LedgerReader | undefined {
  if (url === undefined) return undefined;
  const pool = connectLedger({ url, logger });
  lifecycle.onStop("ledger", () => pool.end());
  return createLedgerReader(pool);
}

function labelSink(producer: JsonProducer): LabelSink {
  return {
    append: (labels) =>
      producer.send(
        labels.map((label) => ({ key: label.transactionId, value: JSON.stringify(label) })),
        { timeoutMs: apiLimits.labelsTimeoutMs },
      ),
  };
}

/** The model needs no check: without it nothing listens. */
function readinessParts({ store, decisionLog }: OpenScoring): readonly ReadinessPart[] {
  return [
    { name: "redis", check: () => store.ping() },
    {
      name: "decision-log",
      check() {
        if (decisionLog.connected || decisionLog.outboxPending < apiLimits.outboxReadyRecords) return;
        throw new Error(`Kafka is away and ${decisionLog.outboxPending} decisions wait in the outbox`);
      },
    },
  ];
}

await runApp("scoring-api", start);
