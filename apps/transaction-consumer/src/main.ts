import { setTimeout } from "node:timers/promises";
import {
  assertConsuming,
  createJsonProducer,
  runBatchConsumer,
  showConsumerLag,
  type BatchConsumer,
  type BatchConsumerOptions,
} from "@tollgate/event-log";
import {
  runApp,
  systemClock,
  type Clock,
  type Lifecycle,
  type Logger,
  type StartApp,
} from "@tollgate/runtime";
import {
  createDecisionApplier,
  createLabelApplier,
  meteredApplier,
  openScoring,
  type OpenScoring,
} from "@tollgate/scoring";
import { createTelemetry, openTracing, startProbeServer, type Telemetry } from "@tollgate/telemetry";
import { applyDecisions } from "./apply-decisions.ts";
import { applyLabels } from "./apply-labels.ts";
import { loadConfig, processEnvironment, type ConsumerConfig } from "./config.ts";
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
  const { kafka, topics, plan, store, submissions, model } = scoring;
  const parts = { config, scoring, clock, telemetry, logger, lifecycle };

  const deadLetters = createJsonProducer({ kafka, topic: topics.deadLetters, logger });
  lifecycle.onStop("dead-letters", () => deadLetters.stop());
  const applied = startApplying(parts);
  const webhooks = createJsonProducer({ kafka, topic: topics.webhooks, logger });
  lifecycle.onStop("webhooks", () => webhooks.stop());
  const { targets } = config.webhooks;
  if (targets.size > 0) startDelivering(parts);
  const consumer = {
    plan,
    deadLetters,
    telemetry,
    tracing,
    logger,
    submissions,
    webhooks,
    targets,
    models: model.versions,
  };
  const assertScoring = startWhenServable(parts, () =>
    startConsumer(parts, "transactions", {
      topic: topics.transactions,
      gatherBytes: consumerAppLimits.gatherBytes,
      gatherMs: consumerAppLimits.gatherMs,
      handle: (batch) => consumeTransactions(consumer, batch),
    }),
  );

  await startProbeServer({
    host: config.probeHost,
    port: config.probePort,
    telemetry,
    ready: [
      { name: "redis", check: () => store.ping() },
      { name: "transactions", check: assertScoring },
      { name: "decisions", check: async () => assertConsuming(applied.decisions) },
      { name: "labels", check: async () => assertConsuming(applied.labels) },
    ],
    logger,
    lifecycle,
  });
};

interface ConsumerParts {
  readonly config: ConsumerConfig;
  readonly scoring: OpenScoring;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly logger: Logger;
  readonly lifecycle: Lifecycle;
}

/**
 * Who would score from nothing what others score from states takes no transactions. Its states are brought up
 * from the log meanwhile.
 * @returns the check of readiness.
 */
function startWhenServable(
  { scoring: { states }, lifecycle }: ConsumerParts,
  startScoring: () => BatchConsumer,
): () => void {
  let started: BatchConsumer | undefined;
  void (async () => {
    await states.servable;
    if (!lifecycle.stopping) started = startScoring();
  })();
  return () => {
    if (started === undefined) states.assertServable();
    else assertConsuming(started);
  };
}

/**
 * Streamed states follow the decision log and the labelled transactions. Each layout has groups of its own:
 * builds of another one must apply the whole log too.
 */
function startApplying(parts: ConsumerParts): {
  readonly decisions: BatchConsumer;
  readonly labels: BatchConsumer;
} {
  const { scoring, clock, telemetry, logger } = parts;
  const { engagement, store, topics } = scoring;
  const { gatherBytes } = consumerAppLimits;
  const applying = { engagement, store, clock, observer: meteredApplier(telemetry) };
  const decisionApplier = createDecisionApplier(applying);
  const labelApplier = createLabelApplier(applying);
  return {
    decisions: startConsumer(parts, `streamed-states.${store.layout}`, {
      topic: topics.decisions,
      gatherBytes,
      handle: (batch) => applyDecisions(decisionApplier, batch, logger),
    }),
    labels: startConsumer(parts, `labelled-states.${store.layout}`, {
      topic: topics.labelledTransactions,
      gatherBytes,
      handle: (batch) => applyLabels(labelApplier, batch, logger),
    }),
  };
}

/** Sends what callers asked to be told; only where the operator has named receivers. */
function startDelivering(parts: ConsumerParts): void {
  const { config, clock, telemetry, logger, scoring } = parts;
  const sender = { ...config.webhooks, clock, telemetry, logger, pause: setTimeout };
  startConsumer(parts, "webhooks", {
    topic: scoring.topics.webhooks,
    handle: (batch) => deliverWebhooks(sender, batch),
  });
}

function startConsumer(
  { config, scoring, clock, telemetry, logger, lifecycle }: ConsumerParts,
  group: string,
  options: Pick<BatchConsumerOptions, "topic" | "gatherBytes" | "gatherMs" | "handle">,
): BatchConsumer {
  const consumer = runBatchConsumer({
    kafka: scoring.kafka,
    logger,
    clock,
    sessionTimeoutMs: config.sessionTimeoutMs,
    ...options,
    groupId: `${config.groupPrefix}.${group}`,
  });
  lifecycle.onStop(group, () => consumer.stop());
  showConsumerLag(telemetry, options.topic, consumer);
  return consumer;
}

await runApp("transaction-consumer", start);
