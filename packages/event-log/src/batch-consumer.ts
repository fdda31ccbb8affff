import type { Clock, Logger } from "@tollgate/runtime";
import type { Consumer, EachBatchPayload, IHeaders, Kafka } from "kafkajs";
import { createBackoff } from "./backoff.ts";
import { handleUntilDone } from "./handle-until-done.ts";
import { consumerLimits } from "./limits.ts";
import { createWakeSignal, type WakeSignal } from "./wake-signal.ts";

export interface ConsumedMessage {
  readonly offset: bigint;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** The record's own time: set by its producer. */
  readonly timestampMs: number;
  readonly headers: IHeaders;
}

/** What one fetch brought for one partition, in order; never empty. */
export interface ConsumedBatch {
  readonly topic: string;
  readonly partition: number;
  readonly messages: readonly ConsumedMessage[];
  /** The offset that the partition's next record will get. */
  readonly highWatermark: bigint;
  /** True when the partition was taken away meanwhile, or the consumer stops: giving up early is fine. */
  abandoned(): boolean;
}

/** What to do next: nothing (go on), or read the partition again from an offset of the handler's own. */
export type HandleResult = { readonly resumeAt: bigint } | undefined;

export interface BatchConsumerOptions {
  readonly kafka: Kafka;
  readonly groupId: string;
  readonly topic: string;
  /**
   * Called for one batch at a time. Offsets are committed after it resolves, so a batch may come again:
   * handle it idempotently. When it rejects, the same batch comes again after a pause, as long as it takes.
   */
  readonly handle: (batch: ConsumedBatch) => Promise<HandleResult | void>;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly sessionTimeoutMs?: number;
  readonly rebalanceTimeoutMs?: number;
  readonly fetchPartitionBytes?: number;
  /**
   * Bytes that a fetch waits for; 1 when absent. A consumer that may be a moment late asks the broker a tenth
   * as often.
   */
  readonly gatherBytes?: number;
  /** Longest wait for them; {@link consumerLimits.fetchWaitMs} when absent. */
  readonly gatherMs?: number;
}

export interface BatchConsumer {
  /** Records not handled yet, by partition, as of the last fetch of each. */
  lag(): ReadonlyMap<number, number>;
  /** True while fetches complete or a batch is in hand. */
  healthy(): boolean;
  /** Fetches no more until resumed; the batch in hand is finished. */
  pause(): void;
  resume(): void;
  /** Finishes the batch in hand, leaves the group. */
  stop(): Promise<void>;
}

interface ConsumerState {
  readonly options: BatchConsumerOptions;
  consumer: Consumer | undefined;
  stopping: boolean;
  paused: boolean;
  handling: boolean;
  /** Monotonic time of the last sign of life: a completed fetch or a handled batch. */
  aliveAtMs: number;
  crashed: boolean;
  readonly lag: Map<number, number>;
  /** Next offset of each partition that is handled but not committed yet. */
  readonly uncommitted: Map<number, bigint>;
  /** Wakes the supervising loop: a crash, or the end. */
  readonly signal: WakeSignal;
}

/** Reads a topic as a member of a group, for ever: a crashed or stalled client is replaced by a new one. */
export function runBatchConsumer(options: BatchConsumerOptions): BatchConsumer {
  const state: ConsumerState = {
    options,
    consumer: undefined,
    stopping: false,
    paused: false,
    handling: false,
    aliveAtMs: nowMs(options),
    crashed: false,
    lag: new Map(),
    uncommitted: new Map(),
    signal: createWakeSignal(),
  };
  const loop = supervise(state);
  return {
    lag: () => new Map(state.lag),
    healthy: () => state.consumer !== undefined && !isStalled(state),
    pause() {
      state.paused = true;
      state.consumer?.pause([{ topic: options.topic }]);
    },
    resume() {
      state.paused = false;
      state.consumer?.resume([{ topic: options.topic }]);
    },
    async stop() {
      state.stopping = true;
      state.signal.wake();
      await loop;
    },
  };
}

async function supervise(state: ConsumerState): Promise<void> {
  const backoff = createBackoff(consumerLimits.retryFirstMs, consumerLimits.retryLastMs);
  const { logger, topic } = state.options;
  while (!state.stopping) {
    const consumer = createConsumer(state);
    try {
      await start(consumer, state);
      while (!state.stopping && !state.crashed && !isStalled(state)) {
        await state.signal.sleep(consumerLimits.commitIntervalMs);
        await commitHandled(consumer, state);
      }
      if (!state.stopping) logger.warn("consumer-restarts", { topic, crashed: state.crashed });
      if (!state.crashed) backoff.reset();
    } catch (error) {
      logger.warn("consumer-start-failed", { topic, message: (error as Error).message });
    }
    state.consumer = undefined;
    await disconnect(consumer);
    if (!state.stopping) await state.signal.sleep(backoff.nextMs());
  }
}

function createConsumer(state: ConsumerState): Consumer {
  const { options } = state;
  const sessionTimeout = options.sessionTimeoutMs ?? consumerLimits.sessionTimeoutMs;
  const consumer = options.kafka.consumer({
    groupId: options.groupId,
    sessionTimeout,
    heartbeatInterval: Math.floor(sessionTimeout / 4),
    rebalanceTimeout: options.rebalanceTimeoutMs ?? consumerLimits.rebalanceTimeoutMs,
    maxBytesPerPartition: options.fetchPartitionBytes ?? consumerLimits.fetchPartitionBytes,
    maxBytes: consumerLimits.fetchBytes,
    maxWaitTimeInMs: options.gatherMs ?? consumerLimits.fetchWaitMs,
    minBytes: options.gatherBytes ?? 1,
    allowAutoTopicCreation: false,
    // kafkajs restarts only what it calls retriable; the supervising loop restarts everything.
    retry: {
      initialRetryTime: consumerLimits.retryFirstMs,
      maxRetryTime: 1_000,
      retries: 5,
      restartOnFailure: () => Promise.resolve(false),
    },
  });
  state.crashed = false;
  state.aliveAtMs = nowMs(options);
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    options.logger.warn("consumer-crashed", { topic: options.topic, message: payload.error.message });
    state.crashed = true;
    state.signal.wake();
  });
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    const assigned = new Set(payload.memberAssignment[options.topic] ?? []);
    for (const offsets of [state.lag, state.uncommitted]) {
      for (const partition of offsets.keys()) if (!assigned.has(partition)) offsets.delete(partition);
    }
  });
  consumer.on(consumer.events.FETCH, () => {
    state.aliveAtMs = nowMs(options);
  });
  return consumer;
}

async function start(consumer: Consumer, state: ConsumerState): Promise<void> {
  const { topic } = state.options;
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    eachBatch: (payload) => handleFetched(payload, consumer, state),
  });
  state.consumer = consumer;
  state.aliveAtMs = nowMs(state.options);
  if (state.paused) consumer.pause([{ topic }]);
}

async function handleFetched(
  payload: EachBatchPayload,
  consumer: Consumer,
  state: ConsumerState,
): Promise<void> {
  const { topic, partition } = payload.batch;
  const last = payload.batch.messages.at(-1);
  if (last === undefined) return;
  const abandoned = (): boolean => state.stopping || !payload.isRunning() || payload.isStale();
  const batch = consumedBatch(payload, abandoned);
  state.handling = true;
  state.lag.set(partition, Number(batch.highWatermark - (batch.messages[0]?.offset ?? batch.highWatermark)));
  try {
    const outcome = await handleUntilDone(batch, () => payload.heartbeat(), state.options);
    if (outcome === "abandoned") return;
    if (outcome !== undefined) {
      consumer.seek({ topic, partition, offset: outcome.resumeAt.toString() });
      return;
    }
    payload.resolveOffset(last.offset);
    const next = BigInt(last.offset) + 1n;
    state.uncommitted.set(partition, next);
    state.lag.set(partition, Math.max(0, Number(batch.highWatermark - next)));
  } finally {
    state.handling = false;
    state.aliveAtMs = nowMs(state.options);
  }
}

/**
 * Not after every batch: a commit is a write to the broker's own log. What a crash leaves uncommitted comes
 * again, and every handler is idempotent.
 */
async function commitHandled(consumer: Consumer, state: ConsumerState): Promise<void> {
  const { topic, logger } = state.options;
  const offsets = [...state.uncommitted].map(([partition, next]) => ({
    topic,
    partition,
    offset: next.toString(),
  }));
  if (offsets.length === 0) return;
  state.uncommitted.clear();
  try {
    await consumer.commitOffsets(offsets);
  } catch (error) {
    // The group moved on, or the broker is away: the next commit, or redelivery, makes up for it.
    logger.warn("commit-failed", { topic, message: (error as Error).message });
  }
}

function consumedBatch(payload: EachBatchPayload, abandoned: () => boolean): ConsumedBatch {
  const { topic, partition, highWatermark, messages } = payload.batch;
  return {
    topic,
    partition,
    highWatermark: BigInt(highWatermark),
    messages: messages.map((message) => ({
      offset: BigInt(message.offset),
      key: message.key,
      value: message.value,
      timestampMs: Number(message.timestamp),
      headers: message.headers ?? {},
    })),
    abandoned,
  };
}

async function disconnect(consumer: Consumer): Promise<void> {
  try {
    await consumer.disconnect();
  } catch {
    // Its connection is gone already; the group forgets the member after the session timeout.
  }
}

function isStalled(state: ConsumerState): boolean {
  return !state.handling && nowMs(state.options) - state.aliveAtMs > consumerLimits.stalledMs;
}

function nowMs(options: BatchConsumerOptions): number {
  return options.clock.monotonicMicros() / 1_000;
}
