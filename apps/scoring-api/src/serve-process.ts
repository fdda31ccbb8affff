import { setTimeout as pause } from "node:timers/promises";
import type { BaseTransaction } from "@tollgate/contracts";
import { createJsonProducer, type JsonProducer } from "@tollgate/event-log";
import { connectLedger, createLedgerReader, type LedgerReader } from "@tollgate/ledger-store";
import type { Clock, Lifecycle, Logger } from "@tollgate/runtime";
import { gatherScores, openScoring, scoreOutcomes, scoringLimits, type OpenScoring } from "@tollgate/scoring";
import { createReadiness, openTracing, type ReadinessPart, type Telemetry } from "@tollgate/telemetry";
import type { ScoringApiConfig } from "./config.ts";
import { createApi } from "./create-api.ts";
import { decisionReader } from "./find-decision.ts";
import { loadApiKeys } from "./keys/load-api-keys.ts";
import { apiLimits } from "./limits.ts";
import type { LabelSink, Scorer } from "./ports.ts";
import { outboxFolderOf } from "./processes/outbox-folders.ts";
import { sharedTelemetry, supervisorChannel } from "./processes/shared-metrics.ts";
import { kafkaSubmissionSink } from "./submission-sink.ts";
import { listen, stopServing } from "./serve-api.ts";

export interface ServeContext {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly lifecycle: Lifecycle;
  readonly telemetry: Telemetry;
}

/** Opens everything that one serving process needs, and listens. */
export async function serveProcess(config: ScoringApiConfig, context: ServeContext): Promise<void> {
  const { clock, logger, lifecycle, telemetry } = context;
  const keys = await loadApiKeys(config.keys);
  const tracing = await openTracing({ service: "scoring-api", config: config.tracing, ...context });
  const alone = config.processes === 1;
  const clientId = alone ? "scoring-api" : `scoring-api-${config.process}`;
  const outboxFolder = outboxFolderOf(config.scoring.outboxFolder, config.process);
  const scoring = await openScoring({ ...config.scoring, outboxFolder }, { ...context, clientId });
  const labels = createJsonProducer({ kafka: scoring.kafka, topic: scoring.topics.labels, logger });
  lifecycle.onStop("labels", () => labels.stop());
  const transactions = createJsonProducer({
    kafka: scoring.kafka,
    topic: scoring.topics.transactions,
    logger,
  });
  lifecycle.onStop("submissions", () => transactions.stop());
  const isDraining = (): boolean => lifecycle.stopping;
  const server = createApi({
    engagement: scoring.engagement.engagement,
    features: scoring.engagement.featureSet.features,
    scorer: createScorer(scoring.plan),
    models: scoring.model.versions,
    decisionReader: decisionReader(scoring.store, openLedger(config.postgresUrl, lifecycle, logger)),
    submissionSink: kafkaSubmissionSink({ ...scoring, producer: transactions, logger }),
    submissions: scoring.submissions,
    labelSink: labelSink(labels),
    keys,
    readiness: createReadiness({ parts: readinessParts(scoring), isDraining, logger }),
    isDraining,
    clock,
    telemetry: alone ? telemetry : sharedTelemetry(telemetry, supervisorChannel()),
    tracing,
    logger,
    config,
  });
  const { host, port: wanted } = config;
  const port = await listen(server, { host, port: wanted, shared: !alone });
  // Registered last, so stopped first: nothing comes in while the rest is being closed.
  lifecycle.onStop("http", () => stopServing(server));
  // Serves on at first, so that load balancers see "not ready" before connections are refused.
  lifecycle.onStop("drain", () => pause(config.drainMs));
  telemetry.metrics.processes().set(1);
  if (!alone) supervisorChannel().send({ type: "listening" });
  logger.info("listening", { host, port, auth: keys === "off" ? "off" : "on" });
}

/** What concurrent requests ask for goes together; a large batch is together already. */
function createScorer(plan: OpenScoring["plan"]): Scorer<BaseTransaction> {
  const gatherer = gatherScores(plan);
  return (requests, deadline) =>
    requests.length > scoringLimits.gatherTransactions
      ? scoreOutcomes(plan, requests, deadline)
      : gatherer.score(requests, deadline);
}

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
function readinessParts({ store, states, decisionLog }: OpenScoring): readonly ReadinessPart[] {
  return [
    { name: "redis", check: () => store.ping() },
    { name: "states", check: () => states.assertServable() },
    {
      name: "decision-log",
      check() {
        if (decisionLog.connected || decisionLog.outboxPending < apiLimits.outboxReadyRecords) return;
        throw new Error(`Kafka is away and ${decisionLog.outboxPending} decisions wait in the outbox`);
      },
    },
  ];
}
