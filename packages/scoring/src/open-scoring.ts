import { topicNames, type BaseTransaction, type TopicNames } from "@tollgate/contracts";
import type { CompiledEngagement } from "@tollgate/engagement";
import {
  brokerList,
  connectKafka,
  createDecisionLog,
  createLoggedFilter,
  endOffsets,
  ensureTopics,
  openOutbox,
  type DecisionLog,
  type DecisionLogObserver,
  type Outbox,
} from "@tollgate/event-log";
import {
  connectRedis,
  redisFeatureStore,
  redisStateLayouts,
  redisSubmissionBook,
  type FeatureStore,
  type SubmissionBook,
} from "@tollgate/feature-store";
import { createAcceleratorMemory } from "@tollgate/inference";
import { openModelRegistry } from "@tollgate/model-registry";
import type { Clock, Lifecycle, Logger } from "@tollgate/runtime";
import type { Telemetry } from "@tollgate/telemetry";
import { createBuiltStates, type BuiltStates } from "./built-states.ts";
import { writeFirstDecisions } from "./first-decisions.ts";
import { scoringLimits } from "./limits.ts";
import { createLogIndex } from "./log-index.ts";
import { lookEvery } from "./look-every.ts";
import { loadEngagement, type LoadedEngagement } from "./load-engagement.ts";
import type { ScoringConfig } from "./scoring-config.ts";
import { meteredModel, meteredModelWatch, meteredVersions } from "./metered-model.ts";
import { meteredInference, meteredScoring, meteredStore } from "./metered-scoring.ts";
import { openServingModel, type ServingModel } from "./serving-model.ts";
import { warmUp } from "./warm-up.ts";
import type { ScoringPlan } from "./scoring-plan.ts";

/** Everything an app that scores has open. */
export interface OpenScoring {
  readonly plan: ScoringPlan<BaseTransaction>;
  readonly engagement: CompiledEngagement<BaseTransaction>;
  readonly model: ServingModel;
  readonly store: FeatureStore<BaseTransaction>;
  /** What became of transactions that were handed in. */
  readonly submissions: SubmissionBook;
  /** Whether there are states to serve from. */
  readonly states: BuiltStates;
  readonly decisionLog: DecisionLog;
  readonly kafka: ReturnType<typeof connectKafka>;
  readonly topics: TopicNames;
}

export interface OpenScoringContext {
  readonly clientId: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly lifecycle: Lifecycle;
  readonly telemetry: Telemetry;
}

/**
 * Opens what the way of a transaction needs: engagement, model, Redis, Kafka, outbox. Redis and the model
 * must be there; without Kafka it starts on the outbox.
 */
export async function openScoring(config: ScoringConfig, context: OpenScoringContext): Promise<OpenScoring> {
  const { clock, logger, lifecycle } = context;
  const engagement = await loadEngagement(config.engagement);
  const model = await openModel(config, context, engagement);
  const redis = await connectRedis(config.redisUrl, logger, {
    cluster: config.redisCluster,
    certificateAuthorityFile: config.redisCertificateAuthorityFile,
  });
  lifecycle.onStop("redis", () => redis.disconnect());
  const { entities } = engagement.compiled.featureSet;
  const entityNames = entities.map(({ name }) => name);
  const store = redisFeatureStore<BaseTransaction>(redis, {
    prefix: config.redisPrefix,
    entities,
    idempotencySeconds: config.idempotencySeconds,
    observer: meteredStore(context.telemetry, logger, entityNames),
  });
  const submissions = redisSubmissionBook(redis, { prefix: config.redisPrefix });
  const kafka = connectKafka({
    brokers: brokerList(config.kafkaBrokers),
    clientId: context.clientId,
    logger,
  });
  const topics = topicNames(config.topicPrefix);
  await ensureTopics(kafka, topics, { partitions: config.partitions, replicationFactor: 1 }).catch(
    (error: Error) => logger.warn("kafka-away-at-start", { message: error.message }),
  );
  const decisionLog = await openDecisionLog(config, context, { kafka, topics });
  const ends = (): Promise<ReadonlyMap<number, bigint>> => endOffsetsOf(kafka, topics.decisions);
  const layouts = redisStateLayouts(redis, { prefix: config.redisPrefix });
  const states = createBuiltStates({ store, layouts, endOffsets: ends, clock, logger });
  const logIndex = createLogIndex({
    store,
    clock,
    endOffsets: ends,
    pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  });
  const plan: ScoringPlan<BaseTransaction> = {
    engagement: engagement.compiled,
    store,
    predictor: model.predictor,
    readsSequence: model.readsSequence,
    sink: decisionLog,
    firstDecisions: writeFirstDecisions(store, (count) => logger.warn("first-decisions-lost", { count })),
    logIndex,
    clock,
    observer: meteredScoring(context.telemetry),
  };
  const startMicros = clock.monotonicMicros();
  await warmUp(plan);
  logger.info("warmed-up", { milliseconds: Math.round((clock.monotonicMicros() - startMicros) / 1000) });
  watchModel(config, lifecycle, model);
  await states.look();
  lifecycle.onStop(
    "states",
    lookEvery(() => states.look(), scoringLimits.builtStatesLookMs),
  );
  const { compiled } = engagement;
  return { plan, engagement: compiled, model, store, submissions, states, decisionLog, kafka, topics };
}

async function openModel(
  config: ScoringConfig,
  context: OpenScoringContext,
  engagement: LoadedEngagement,
): Promise<ServingModel> {
  const { clock, logger, lifecycle, telemetry } = context;
  const registry = openModelRegistry(config.registryFolder ?? engagement.modelsFolder);
  lifecycle.onStop("model-registry", () => registry.close());
  const model = await openServingModel({
    registry,
    reference: config.model,
    featureSet: engagement.compiled.featureSet,
    beside: config.modelsBeside,
    load: {
      placement: config.modelPlacement,
      accelerator: config.accelerator,
      acceleratorMemory: createAcceleratorMemory(config.acceleratorMemoryMiB * 2 ** 20),
    },
    clock,
    logger,
    inferenceObserver: meteredInference(telemetry),
    watchObserver: meteredModelWatch(telemetry),
    served: meteredModel(telemetry),
    versionsObserver: meteredVersions(telemetry),
  });
  lifecycle.onStop("model", () => model.slot.close());
  lifecycle.onStop("model-versions", () => model.versions.close());
  return model;
}

/** Registered after everything that scores, so stopped before it. */
function watchModel(config: ScoringConfig, lifecycle: Lifecycle, model: ServingModel): void {
  const stop = model.watch?.start(config.modelWatchMs);
  if (stop !== undefined) lifecycle.onStop("model-watch", stop);
  if (config.modelsBeside.length === 0) return;
  lifecycle.onStop("model-versions-watch", model.versions.start(config.modelWatchMs));
}

async function openDecisionLog(
  config: ScoringConfig,
  context: OpenScoringContext,
  link: { readonly kafka: ReturnType<typeof connectKafka>; readonly topics: TopicNames },
): Promise<DecisionLog> {
  const { clock, logger, lifecycle } = context;
  const outbox = await openOutbox({ folder: config.outboxFolder, clock, logger });
  lifecycle.onStop("outbox", () => outbox.close());
  const withoutLogged = createLoggedFilter({
    kafka: link.kafka,
    topic: link.topics.decisions,
    logger,
    clock,
  });
  const metrics = meteredLog(context.telemetry, outbox);
  const decisionLog = await createDecisionLog({ ...link, outbox, logger, clock, withoutLogged, metrics });
  lifecycle.onStop("decision-log", () => decisionLog.stop());
  return decisionLog;
}

function meteredLog(telemetry: Telemetry, outbox: Outbox): DecisionLogObserver {
  const pending = telemetry.metrics.outboxPending();
  const bytes = telemetry.metrics.outboxPendingBytes();
  telemetry.beforeRender(() => {
    pending.set(outbox.pendingCount);
    bytes.set(outbox.pendingBytes);
  });
  return {
    appended: ({ to, records }) => telemetry.metrics.eventLogAppends({ destination: to }).add(records),
  };
}

async function endOffsetsOf(
  kafka: ReturnType<typeof connectKafka>,
  topic: string,
): Promise<ReadonlyMap<number, bigint>> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await endOffsets(admin, topic);
  } finally {
    await admin.disconnect();
  }
}
