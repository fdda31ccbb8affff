import { assertConsuming, createJsonProducer, runBatchConsumer, showConsumerLag } from "@tollgate/event-log";
import { runApp, systemClock, type StartApp } from "@tollgate/runtime";
import { createDecisionApplier, createLabelApplier, meteredApplier, openScoring } from "@tollgate/scoring";
import { createTelemetry, openTracing, startProbeServer } from "@tollgate/telemetry";
import { applyDecisions } from "./apply-decisions.ts";
import { applyLabels } from "./apply-labels.ts";
import { loadConfig, processEnvironment } from "./config.ts";
import { consumeTransactions } from "./consume-transactions.ts";
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
  const consumer = { plan, deadLetters, telemetry, tracing };
  const transactions = runBatchConsumer({
    ...group,
    groupId: `${config.groupPrefix}.transactions`,
    topic: topics.transactions,
    gatherBytes: consumerAppLimits.gatherBytes,
    gatherMs: consumerAppLimits.gatherMs,
    handle: (batch) => consumeTransactions(consumer, batch),
  });
  lifecycle.onStop("transactions", () => transactions.stop());

  showConsumerLag(telemetry, topics.transactions, transactions);
  showConsumerLag(telemetry, topics.decisions, decisions);
  showConsumerLag(telemetry, topics.labelledTransactions, labels);
  await startProbeServer({
    host: config.probeHost,
    port: config.probePort,
    telemetry,
    ready: [
      { name: "redis", check: () => store.ping() },
      { name: "transactions", check: async () => assertConsuming(transactions) },
      { name: "decisions", check: async () => assertConsuming(decisions) },
      { name: "labels", check: async () => assertConsuming(labels) },
    ],
    logger,
    lifecycle,
  });
};

await runApp("transaction-consumer", start);
