import {
  topicNames,
  type DecisionRecord,
  type LabelledTransaction,
  type TopicNames,
} from "@tollgate/contracts";
import { compileEngagement, type CompiledEngagement, type Engagement } from "@tollgate/engagement";
import { engagement as defaultEngagement, type CardPayment } from "@tollgate/engagement-card-payments";
import {
  connectKafka,
  createJsonProducer,
  ensureTopics,
  runBatchConsumer,
  type ConsumedBatch,
  type HandleResult,
  type JsonProducer,
} from "@tollgate/event-log";
import { readLabelled, readWholeDecision } from "@tollgate/feature-replay";
import {
  connectRedis,
  redisFeatureStore,
  silentStoreObserver,
  type FeatureStore,
  type StoreObserver,
} from "@tollgate/feature-store";
import { silentLogger, systemClock } from "@tollgate/runtime";
import {
  createDecisionApplier,
  createLabelApplier,
  createLogIndex,
  labelledProgressSlot,
  scoreTransactions,
  type Scored,
  type ScoringPlan,
  silentApplierObserver,
  silentObserver,
} from "@tollgate/scoring";
import { until } from "@tollgate/testkit";

/** Scoring and appliers on real Kafka and Redis, in this process; the model is a constant. */
export interface Platform {
  readonly compiled: CompiledEngagement<CardPayment>;
  readonly store: FeatureStore<CardPayment>;
  readonly topics: TopicNames;
  readonly kafka: ReturnType<typeof connectKafka>;
  /** The next payments of a simulated stream, to be scored by this platform or another on the same log. */
  take(count: number): readonly CardPayment[];
  score(payments: readonly CardPayment[]): Promise<readonly Scored[]>;
  /** Takes payments and scores them. */
  send(count: number): Promise<void>;
  /** Payments and labels until it is told to end, or the platform stops. */
  keepSending(): () => Promise<void>;
  /** Frauds among what was sent become known. */
  publishLabels(): Promise<void>;
  /** Resolves when the appliers have brought the whole log into the generation that is served. */
  settle(): Promise<void>;
  /** How many payments were scored. */
  sent(): number;
  stop(): Promise<void>;
}

const logger = silentLogger();
const clock = systemClock();
const nothing = (): void => {};
const batchMax = 8;

export async function startPlatform(options: {
  readonly kafkaBrokers: readonly string[];
  readonly redisUrl: string;
  readonly prefix: string;
  /** Another build's: with the same prefix it shares Redis and the log. */
  readonly engagement?: Engagement<CardPayment>;
  readonly observer?: StoreObserver;
}): Promise<Platform> {
  const { prefix, engagement = defaultEngagement, observer = silentStoreObserver } = options;
  const compiled = compileEngagement(engagement);
  const kafka = connectKafka({ brokers: options.kafkaBrokers, clientId: `${prefix}test`, logger });
  const topics = topicNames(prefix);
  await ensureTopics(kafka, topics, { partitions: 4, replicationFactor: 1 });
  const redis = await connectRedis(options.redisUrl, logger);
  const store = redisFeatureStore<CardPayment>(redis, {
    prefix,
    entities: compiled.featureSet.entities,
    idempotencySeconds: 600,
    observer,
  });
  const decisions = createJsonProducer({ kafka, topic: topics.decisions, logger });
  const labels = createJsonProducer({ kafka, topic: topics.labelledTransactions, logger });
  const consumers = startAppliers({ compiled, store, kafka, topics, prefix });
  const traffic = createTraffic(planOf(compiled, store, decisions), labels, prefix);
  return {
    compiled,
    store,
    topics,
    kafka,
    ...traffic,
    settle: () => settle(store, kafka, topics),
    async stop() {
      await traffic.endSending();
      for (const consumer of consumers) await consumer.stop();
      await decisions.stop();
      await labels.stop();
      redis.disconnect();
    },
  };
}

type Traffic = Pick<Platform, "take" | "score" | "send" | "keepSending" | "publishLabels" | "sent"> & {
  readonly endSending: () => Promise<void>;
};

function createTraffic(plan: ScoringPlan<CardPayment>, labels: JsonProducer, prefix: string): Traffic {
  const startMs = Date.now() - 3 * 86_400_000;
  const simulated = defaultEngagement.simulate({ seed: 11, startMs, customers: 150, idPrefix: prefix });
  const stream = simulated[Symbol.iterator]();
  const frauds: CardPayment[] = [];
  const counts = { sent: 0, sequence: 0 };
  const loop = { ended: false, sending: Promise.resolve() };
  const takeOne = (): CardPayment => {
    const next = stream.next();
    if (next.done === true) throw new Error("the simulation ended");
    if (counts.sent % 7 === 0) frauds.push(next.value.transaction);
    counts.sent += 1;
    return next.value.transaction;
  };
  const traffic: Traffic = {
    sent: () => counts.sent,
    take: (count) => Array.from({ length: count }, takeOne),
    score: (payments) =>
      scoreTransactions(
        plan,
        payments.map((transaction) => ({ transaction, source: "http" })),
      ),
    async send(count) {
      for (let done = 0; done < count; done += batchMax) {
        await traffic.score(traffic.take(Math.min(batchMax, count - done)));
      }
    },
    async publishLabels() {
      for (const transaction of frauds.splice(0)) {
        const record = labelOf(transaction, counts.sequence);
        counts.sequence += 1;
        await labels.send([{ key: transaction.id, value: JSON.stringify(record) }]);
      }
    },
    keepSending() {
      loop.sending = (async () => {
        while (!loop.ended) {
          await traffic.send(40);
          await traffic.publishLabels();
        }
      })();
      return traffic.endSending;
    },
    async endSending() {
      loop.ended = true;
      await loop.sending;
    },
  };
  return traffic;
}

function labelOf(transaction: CardPayment, sequence: number): LabelledTransaction {
  const at = new Date().toISOString();
  const transactionId = transaction.id;
  return {
    schema: "tollgate.labelled-transaction.v1",
    sequence,
    label: { labelId: `l-${transactionId}`, transactionId, fraud: true, source: "issuer", labelledAt: at },
    partitionKey: transaction.cardId,
    matchedAt: at,
    transaction: defaultEngagement.transaction.toWire(transaction),
  };
}

const version = {
  reference: { name: "constant", version: 1, digest: "0".repeat(64) },
  thresholds: { review: 0.9, decline: 0.99 },
};

function planOf(
  compiled: CompiledEngagement<CardPayment>,
  store: FeatureStore<CardPayment>,
  producer: JsonProducer,
): ScoringPlan<CardPayment> {
  return {
    engagement: compiled,
    store,
    clock,
    predictor: {
      predict: async (vectors) => ({ version, scores: new Float32Array(vectors.length).fill(0.5) }),
      refusal: () => undefined,
    },
    readsSequence: () => false,
    sink: {
      async append(records: readonly DecisionRecord[]) {
        await producer.send(
          records.map((record) => ({ key: record.partitionKey, value: JSON.stringify(record) })),
        );
        return "log";
      },
    },
    firstDecisions: { keep: (entries) => void store.writeDecisions(entries).catch(nothing) },
    logIndex: createLogIndex({
      store,
      clock,
      endOffsets: async () => new Map(),
      pause: async () => {},
    }),
    observer: silentObserver,
  };
}

function startAppliers(parts: {
  readonly compiled: CompiledEngagement<CardPayment>;
  readonly store: FeatureStore<CardPayment>;
  readonly kafka: ReturnType<typeof connectKafka>;
  readonly topics: TopicNames;
  readonly prefix: string;
}): readonly ReturnType<typeof runBatchConsumer>[] {
  const { compiled, store, kafka, topics, prefix } = parts;
  const applier = { engagement: compiled, store, clock, observer: silentApplierObserver };
  const decisions = createDecisionApplier(applier);
  const labels = createLabelApplier(applier);
  const consume = (topic: string, handle: (batch: ConsumedBatch) => Promise<HandleResult>) =>
    runBatchConsumer({ kafka, logger, clock, topic, groupId: `${prefix}${topic}.${store.layout}`, handle });
  return [
    consume(topics.decisions, async (batch) => {
      const entries = batch.messages.flatMap(({ offset, value }) => {
        const record = readWholeDecision(value);
        return record === undefined ? [] : [{ offset: Number(offset), record }];
      });
      const asked = await decisions.apply({ partition: batch.partition, entries, ...offsetsOf(batch) });
      return asked === undefined ? undefined : { resumeAt: BigInt(asked.resumeAt) };
    }),
    consume(topics.labelledTransactions, async (batch) => {
      const records = batch.messages.flatMap(({ value }) => readLabelled(value) ?? []);
      const asked = await labels.apply({ records, ...offsetsOf(batch) });
      return asked === undefined ? undefined : { resumeAt: BigInt(asked.resumeAt) };
    }),
  ];
}

function offsetsOf(batch: ConsumedBatch): { readonly firstOffset: number; readonly nextOffset: number } {
  const last = Number(batch.messages.at(-1)?.offset ?? 0n);
  return { firstOffset: Number(batch.messages[0]?.offset ?? 0n), nextOffset: last + 1 };
}

async function settle(
  store: FeatureStore<CardPayment>,
  kafka: ReturnType<typeof connectKafka>,
  topics: TopicNames,
): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  const decisions = await admin.fetchTopicOffsets(topics.decisions);
  const labels = await admin.fetchTopicOffsets(topics.labelledTransactions);
  await admin.disconnect();
  await until(
    async () => {
      // On a machine that stands still for half a second a trip to Redis is late: it is asked again.
      const progress = await store.readProgress().catch(() => new Map<number, number>());
      const behind = decisions.filter(({ partition, high }) => (progress.get(partition) ?? 0) < Number(high));
      return behind.length === 0 && (progress.get(labelledProgressSlot) ?? 0) >= Number(labels[0]?.high ?? 0);
    },
    { describe: "the appliers at the log's end", deadlineMs: 60_000 },
  );
}
