import type { BaseTransaction } from "@tollgate/contracts";
import { createRandom, type CompiledEngagement, type Random } from "@tollgate/engagement";
import { memoryFeatureStore, type FeatureStore } from "@tollgate/feature-store";
import {
  createDecisionApplier,
  createLabelApplier,
  createLogIndex,
  labelledProgressSlot,
  scoreTransactions,
  ScoringError,
  type Predictor,
  type ScoringPlan,
  silentApplierObserver,
  silentObserver,
} from "@tollgate/scoring";
import { createSimulatedLog, type SimulatedLog, type WaitingLabel } from "./simulated-log.ts";

export interface SimulatedWayOptions<T extends BaseTransaction> {
  readonly compiled: CompiledEngagement<T>;
  readonly store?: FeatureStore<T>;
  readonly seed: number;
  readonly transactions: number;
  readonly customers: number;
  readonly startMs: number;
  /** Called now and then between two batches, for what a test does meanwhile. */
  readonly between?: (sent: number, log: SimulatedLog) => Promise<void>;
}

export interface SimulatedWay<T extends BaseTransaction> {
  readonly log: SimulatedLog;
  readonly store: FeatureStore<T>;
}

interface Running<T extends BaseTransaction> {
  readonly plan: ScoringPlan<T>;
  readonly log: SimulatedLog & { readonly waiting: WaitingLabel[] };
  readonly random: Random;
  /** Next offset that an applier reads, by partition. */
  readonly reading: Map<number, number>;
  readonly appliers: {
    readonly decisions: ReturnType<typeof createDecisionApplier>;
    readonly labels: ReturnType<typeof createLabelApplier>;
  };
  nowMs: number;
}

const partitionCount = 4;
const scorers = 4;
const batchMax = 6;
/** Shares of calls that go wrong: far more than in life, so that every combination comes up. */
const share = { recallFails: 0.003, writeFails: 0.003, writeUnknown: 0.003, again: 0.02, apply: 0.5 };
const logFaults = { twice: 0.005, late: 0.01 };

/**
 * A simulated stream through the real way: several scorers side by side on one store, appliers that lag and
 * take random batches, late labels, redeliveries, records twice and out of order in the log, writes that fail
 * or are made without the scorer's knowing. The same seed gives the same log.
 */
export async function runSimulatedWay<T extends BaseTransaction>(
  options: SimulatedWayOptions<T>,
): Promise<SimulatedWay<T>> {
  const random = createRandom(options.seed);
  const store = options.store ?? memoryFeatureStore<T>();
  const running = start(options, store, random);
  const { seed, startMs, customers } = options;
  const simulated = options.compiled.engagement.simulate({ seed, startMs, customers, idPrefix: `s${seed}-` });
  const stream = simulated[Symbol.iterator]();
  let sent = 0;
  const scorer = async (): Promise<void> => {
    while (sent < options.transactions) {
      const batch = take(running, stream, Math.min(random.integer(1, batchMax), options.transactions - sent));
      sent += batch.length;
      await scoreUntilAnswered(running, batch);
      if (random.uniform() < share.again) await scoreUntilAnswered(running, batch);
      if (random.uniform() < share.apply) await applySome(running);
      await options.between?.(sent, running.log);
    }
  };
  await Promise.all(Array.from({ length: scorers }, scorer));
  running.log.drain();
  running.log.publishLabels(running.nowMs);
  await applyAll(running);
  return { log: running.log, store };
}

function start<T extends BaseTransaction>(
  options: SimulatedWayOptions<T>,
  store: FeatureStore<T>,
  random: Random,
): Running<T> {
  const { compiled } = options;
  const log = createSimulatedLog(partitionCount, random, logFaults);
  const running: { nowMs: number } = { nowMs: options.startMs };
  const clock = { nowMs: () => running.nowMs, monotonicMicros: () => running.nowMs * 1_000 };
  const scoringStore = faultyStore(store, random);
  const plan: ScoringPlan<T> = {
    engagement: compiled,
    store: scoringStore,
    predictor: constantPredictor(),
    readsSequence: () => false,
    clock,
    sink: { append: async (records) => log.append(records) },
    firstDecisions: { keep: (entries) => void store.writeDecisions(entries) },
    logIndex: createLogIndex({
      store,
      clock,
      endOffsets: async () => endsOf(log),
      pause: async (milliseconds) => {
        running.nowMs += milliseconds;
        await applyAll(whole);
      },
    }),
    observer: silentObserver,
  };
  const parts = { engagement: compiled, store, clock, observer: silentApplierObserver };
  const appliers = { decisions: createDecisionApplier(parts), labels: createLabelApplier(parts) };
  const whole: Running<T> = Object.assign(running, { plan, log, random, appliers, reading: new Map() });
  return whole;
}

function endsOf(log: SimulatedLog): ReadonlyMap<number, bigint> {
  return new Map(log.partitions.map((records, partition) => [partition, BigInt(records.length)]));
}

function take<T extends BaseTransaction>(
  running: Running<T>,
  stream: Iterator<{ readonly transaction: T; readonly label: WaitingLabel["label"] | undefined }>,
  count: number,
): readonly T[] {
  return Array.from({ length: count }, () => {
    const next = stream.next();
    if (next.done === true) throw new Error("the simulation ended");
    const { transaction, label } = next.value;
    running.nowMs = Math.max(running.nowMs, transaction.occurredAtMs);
    if (label !== undefined) running.log.waiting.push({ transactionId: transaction.id, label });
    return transaction;
  });
}

async function scoreUntilAnswered<T extends BaseTransaction>(
  { plan, random }: Running<T>,
  transactions: readonly T[],
): Promise<void> {
  for (;;) {
    try {
      const requests = transactions.map((transaction) => ({ transaction, source: "kafka" as const }));
      await scoreTransactions(plan, requests);
      return;
    } catch (error) {
      if (!(error instanceof ScoringError)) throw error;
      await turns(random);
    }
  }
}

/** Lets others run, for a random number of turns. */
async function turns(random: Random): Promise<void> {
  for (let turn = random.integer(0, 6); turn > 0; turn -= 1) await Promise.resolve();
}

function faultyStore<T extends BaseTransaction>(store: FeatureStore<T>, random: Random): FeatureStore<T> {
  return {
    ...store,
    async recall(states, claims) {
      await turns(random);
      if (random.uniform() < share.recallFails) throw new Error("connection lost");
      return store.recall(states, claims);
    },
    async remember(writes, generation) {
      await turns(random);
      if (random.uniform() < share.writeFails) throw new Error("connection lost before the write");
      const written = await store.remember(writes, generation);
      if (random.uniform() < share.writeUnknown) throw new Error("connection lost after the write");
      return written;
    },
  };
}

/** One batch of one partition, or of the labels; the outbox drains now and then. */
async function applySome<T extends BaseTransaction>(running: Running<T>): Promise<void> {
  const { random, log } = running;
  if (random.uniform() < 0.05) log.drain();
  if (random.uniform() < 0.1) log.publishLabels(running.nowMs);
  const slot = random.integer(0, partitionCount);
  await turns(random);
  if (slot === partitionCount) await applyLabels(running, random.integer(1, 20));
  else await applyPartition(running, slot, random.integer(1, 60));
}

async function applyAll<T extends BaseTransaction>(running: Running<T>): Promise<void> {
  for (const [partition, records] of running.log.partitions.entries()) {
    const end = records.length;
    while ((running.reading.get(partition) ?? 0) < end) await applyPartition(running, partition, 500);
  }
  const end = running.log.labels.length;
  while ((running.reading.get(labelledProgressSlot) ?? 0) < end) await applyLabels(running, 500);
}

async function applyPartition<T extends BaseTransaction>(
  { appliers, log, reading }: Running<T>,
  partition: number,
  count: number,
): Promise<void> {
  const firstOffset = reading.get(partition) ?? 0;
  const records = log.partitions[partition]?.slice(firstOffset, firstOffset + count) ?? [];
  if (records.length === 0) return;
  const nextOffset = firstOffset + records.length;
  // Before the wait: another scorer may bring the next batch meanwhile, as after a rebalance.
  reading.set(partition, nextOffset);
  const entries = records.map((record, position) => ({ offset: firstOffset + position, record }));
  const result = await appliers.decisions.apply({ partition, entries, firstOffset, nextOffset });
  if (result !== undefined) reading.set(partition, result.resumeAt);
}

async function applyLabels<T extends BaseTransaction>(
  { appliers, log, reading }: Running<T>,
  count: number,
): Promise<void> {
  const firstOffset = reading.get(labelledProgressSlot) ?? 0;
  const records = log.labels.slice(firstOffset, firstOffset + count);
  if (records.length === 0) return;
  const nextOffset = firstOffset + records.length;
  reading.set(labelledProgressSlot, nextOffset);
  const result = await appliers.labels.apply({ records, firstOffset, nextOffset });
  if (result !== undefined) reading.set(labelledProgressSlot, result.resumeAt);
}

function constantPredictor(): Predictor {
  const version = {
    reference: { name: "constant", version: 1, digest: "0".repeat(64) },
    thresholds: { review: 0.9, decline: 0.99 },
  };
  return {
    predict: async (vectors) => ({ version, scores: new Float32Array(vectors.length).fill(0.5) }),
    refusal: () => undefined,
  };
}
