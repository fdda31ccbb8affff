import { randomUUID } from "node:crypto";
import type { Clock, Logger } from "@tollgate/runtime";
import type { Kafka } from "kafkajs";
import { runBatchConsumer, type ConsumedBatch, type HandleResult } from "./batch-consumer.ts";
import { endOffsets } from "./end-offsets.ts";
import { EventLogError } from "./errors.ts";
import { eventLogLimits } from "./limits.ts";
import { createWakeSignal, type WakeSignal } from "./wake-signal.ts";

export interface LogReaderOptions {
  readonly kafka: Kafka;
  readonly topic: string;
  /** Where each partition is begun; those that are not named, at their beginning. */
  readonly from?: ReadonlyMap<number, bigint>;
  /** Called for one batch at a time, in the order of each partition, each record once. */
  readonly handle: (batch: ConsumedBatch) => Promise<void>;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** Reads a whole topic, alone: no other member shares its partitions, and nothing is committed. */
export interface LogReader {
  /** The offset that the partition's next record will get, for each partition. */
  ends(): Promise<ReadonlyMap<number, bigint>>;
  /**
   * Resolves when everything below these offsets was handled; reading goes on.
   * @throws what `handle` threw, or EventLogError `EVENT_LOG_UNAVAILABLE` when nothing comes any more.
   */
  reach(ends: ReadonlyMap<number, bigint>): Promise<void>;
  /** Next offset to handle, by partition. */
  positions(): ReadonlyMap<number, bigint>;
  /** Finishes the batch in hand. */
  stop(): Promise<void>;
}

interface ReaderState {
  readonly options: LogReaderOptions;
  readonly positions: Map<number, bigint>;
  readonly signal: WakeSignal;
  failure: { readonly error: unknown } | undefined;
  stopping: boolean;
  handling: boolean;
  /** Monotonic time at which the last batch was handled. */
  aliveAtMs: number;
}

/** Starts to read at once; what the log no longer has is passed over. */
export async function openLogReader(options: LogReaderOptions): Promise<LogReader> {
  const state: ReaderState = {
    options,
    positions: new Map(options.from),
    signal: createWakeSignal(),
    failure: undefined,
    stopping: false,
    handling: false,
    aliveAtMs: 0,
  };
  const admin = options.kafka.admin();
  await admin.connect();
  for (const { partition, low } of await admin.fetchTopicOffsets(options.topic)) {
    const position = state.positions.get(partition) ?? 0n;
    if (position < BigInt(low)) state.positions.set(partition, BigInt(low));
  }
  const groupId = `log-reader-${randomUUID()}`;
  const { kafka, topic, logger, clock } = options;
  const consumer = runBatchConsumer({
    kafka,
    topic,
    logger,
    clock,
    groupId,
    fetchPartitionBytes: eventLogLimits.readPartitionBytes,
    handle: (batch) => handleOnce(state, batch),
  });
  return {
    ends: () => endOffsets(admin, topic),
    reach: (ends) => reach(state, ends),
    positions: () => new Map(state.positions),
    async stop() {
      state.stopping = true;
      await consumer.stop();
      await admin.deleteGroups([groupId]).catch(() => undefined);
      await admin.disconnect();
    },
  };
}

/** Reads from the given offsets to the end as of the call, and tells where that was. */
export async function readLog(options: LogReaderOptions): Promise<ReadonlyMap<number, bigint>> {
  let ends: ReadonlyMap<number, bigint> = new Map();
  let ready = (): void => {};
  const known = new Promise<void>((resolve) => {
    ready = resolve;
  });
  const reader = await openLogReader({
    ...options,
    async handle(batch) {
      await known;
      const end = ends.get(batch.partition) ?? 0n;
      const messages = batch.messages.filter(({ offset }) => offset < end);
      if (messages.length > 0) await options.handle({ ...batch, messages });
    },
  });
  try {
    ends = await reader.ends();
    ready();
    await reader.reach(ends);
    return ends;
  } finally {
    ready();
    await reader.stop();
  }
}

async function handleOnce(state: ReaderState, batch: ConsumedBatch): Promise<HandleResult> {
  const position = state.positions.get(batch.partition) ?? 0n;
  const next = (batch.messages.at(-1)?.offset ?? 0n) + 1n;
  // A new group begins at the beginning of the log, and a restarted one there again.
  if (next <= position) {
    return next === position || state.failure !== undefined ? undefined : { resumeAt: position };
  }
  if (state.failure !== undefined || state.stopping) return undefined;
  const messages = batch.messages.filter(({ offset }) => offset >= position);
  state.handling = true;
  try {
    await state.options.handle(messages.length === batch.messages.length ? batch : { ...batch, messages });
    state.positions.set(batch.partition, next);
  } catch (error) {
    state.failure = { error };
  }
  state.handling = false;
  state.aliveAtMs = state.options.clock.monotonicMicros() / 1_000;
  state.signal.wake();
  return undefined;
}

async function reach(state: ReaderState, ends: ReadonlyMap<number, bigint>): Promise<void> {
  const { topic, clock } = state.options;
  const startMs = clock.monotonicMicros() / 1_000;
  for (;;) {
    if (state.failure !== undefined) throw state.failure.error;
    const missing = [...ends].some(([partition, end]) => (state.positions.get(partition) ?? 0n) < end);
    if (!missing) return;
    const quietMs = clock.monotonicMicros() / 1_000 - Math.max(startMs, state.aliveAtMs);
    if (quietMs > eventLogLimits.readStalledMs && !state.handling) {
      throw new EventLogError("EVENT_LOG_UNAVAILABLE", `${topic} gives no more records before its end`);
    }
    await state.signal.sleep(eventLogLimits.readLookMs);
  }
}
