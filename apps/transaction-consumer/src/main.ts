import { setTimeout } from "node:timers/promises";
import { createJsonProducer, runBatchConsumer, type BatchConsumer } from "@tollgate/event-log";
import { runApp, systemClock, type StartApp } from "@tollgate/runtime";
import { createDecisionApplier, createLabelApplier, meteredApplier, openScoring } from "@tollgate/scoring";
import { createTelemetry, openTracing, startProbeServer, type Telemetry } from "@tollgate/telemetry";
import { applyDecisions } from "./apply-decisions.ts";
import { applyLabels } from "./apply-labels.ts";
import { loadConfig, processEnvironment } from "./config.ts";
import { consumeTransactions } from "./consume-transactions.ts";
import { deliverWebhooks } from "./deliver-webhooks.ts";
import { consumerAppLimits } from "./limits.ts";

const start: StartApp = async ({ lifecycle, logger }) => {
  const config = loadConfig(processEnvironment());
  const clock = systemClock();
  const telemetry = createTelemetry();
  const clientId = "transaction-consumer";
  const tracing = await openTracing({ service: clientId, config: config.tracing, clock, logger, lifecycle });
  const scoring = await openScoring(config.scoring, { clientId, clock, logger, lifecycle, telemetry });
  const { kafka, topics, plan, engagement, store } = scoring;

  const deadLetters = createJsonProducer({ kafka, topic: topics.deadLetters, logger });
  lifecycle.onStop("dead-letters", () => deadLetters.stop());
  const group = { kafka, logger, clock, sessionTimeoutMs: config.sessionTimeoutMs };
  const applying = { engagement, store, clock, observer: meteredApplier(telemetry) };
  const decisionApplier = createDecisionApplier(applying);
  const decisions = runBatchConsumer({
    ...group,
    groupId: `${config.groupPrefix}.streamed-states`,
    topic: topics.decisions,
    gatherBytes: consumerAppLimits.gatherBytes,
    handle: (batch) => applyDecisions(decisionApplier, batch, logger),
  });
  lifecycle.onStop("decisions", () => decisions.stop());
  const labelApplier = createLabelApplier(applying);
  const labels = runBatchConsumer({
    ...group,
    groupId: `${config.groupPrefix}.labelled-states`,
    topic: topics.labelledTransactions,
    gatherBytes: consumerAppLimits.gatherBytes,
    handle: (batch) => applyLabels(labelApplier, batch, logger),
  });
  lifecycle.onStop("labels", () => labels.stop());
  const webhooks = createJsonProducer({ kafka, topic: topics.webhooks, logger });
  lifecycle.onStop("webhooks", () => webhooks.stop());
  const { submissions, model } = scoring;
  const { targets } = config.webhooks;
  const consumer = {
    ...{ plan, deadLetters, telemetry, tracing, logger },
    ...{ submissions, webhooks, targets, models: model.versions },
  };
  const transactions = runBatchConsumer({
    ...group,
    groupId: `${config.groupPrefix}.transactions`,
    topic: topics.transactions,
    gatherBytes: consumerAppLimits.gatherBytes,
    gatherMs: consumerAppLimits.gatherMs,
    handle: (batch) => consumeTransactions(consumer, batch),
  });
  lifecycle.onStop("transactions", () => transactions.stop());

  const sender = { ...config.webhooks, clock, telemetry, logger, pause: setTimeout };
  const deliveries = runBatchConsumer({
    ...group,
    groupId: `${config.groupPrefix}.webhooks`,
    topic: topics.webhooks,
    handle: (batch) => deliverWebhooks(sender, batch),
  });
  lifecycle.onStop("deliveries", () => deliveries.stop());

  showLag(telemetry, topics.webhooks, deliveries);
  showLag(telemetry, topics.transactions, transactions);
  showLag(telemetry, topics.decisions, decisions);
  showLag(telemetry, topics.labelledTransactions, labels);
  await startProbeServer({
    host: config.probeHost,
    port: config.probePort,
    telemetry,
    ready: [
      { name: "redis", check: () => store.ping() },
      { name: "transactions", check: async () => assertHealthy(transactions) },
      { name: "decisions", check: async () => assertHealthy(decisions) },
      { name: "labels", check: async () => assertHealthy(labels) },
    ],
    logger,
    lifecycle,
  });
};

function showLag(telemetry: Telemetry, topic: string, consumer: BatchConsumer): void {
  telemetry.beforeRender(() => {
    for (const [partition, lag] of consumer.lag()) {
      telemetry.metrics.consumerLag({ topic, partition: String(partition) }).set(lag);
    }
  });
}

function assertHealthy(consumer: BatchConsumer): void {
  if (!consumer.healthy()) throw new Error("no fetch from Kafka has completed lately");
}

await runApp("transaction-consumer", start);
