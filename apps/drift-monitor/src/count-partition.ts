import type { ConsumedBatch, ConsumedMessage, HandleResult } from "@tollgate/event-log";
import type { Clock, Logger } from "@tollgate/runtime";
import type { Pool } from "pg";
import type { WatchedEngagement } from "./observe.ts";
import { readPosition, writeStretch, type PartitionPosition } from "./store/partition-store.ts";
import { createStretchCounter, type StretchCounter } from "./stretch-counter.ts";
import type { WatchedModels } from "./watched-models.ts";

export interface CountingParts {
  readonly pool: Pool;
  readonly models: WatchedModels;
  readonly engagement: WatchedEngagement;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** A record with its place in the log, for a person. */
export interface PlacedMessage extends ConsumedMessage {
  readonly place: string;
  /** It was counted before, and is only looked at again to know what came before the others. */
  readonly counted: boolean;
}

/** How the records of one partition are counted, from a position on. */
export interface PartitionRecords {
  /** Where reading begins: at the position, or before it where earlier records are needed. */
  readonly readFrom: bigint;
  /** The same records may be given again. Returns the next sequence, where the topic's records have one. */
  count(messages: readonly PlacedMessage[], counter: StretchCounter): Promise<number>;
}

interface Reader {
  readonly records: PartitionRecords;
  position: PartitionPosition;
  /** The next offset that was not seen yet: below the position while reading up to it. */
  seen: bigint;
  /** Where it was asked to be read from, and how often: the log may have lost those records. */
  asked: { readonly offset: bigint; readonly times: number };
}

/**
 * A handler of batches that counts each record once: PostgreSQL holds counters and position in one step, and
 * Kafka's own offsets are only where it begins to read.
 */
export function countPartitions(
  parts: CountingParts,
  recordsFrom: (position: PartitionPosition) => PartitionRecords,
): (batch: ConsumedBatch) => Promise<HandleResult> {
  const readers = new Map<number, Reader>();
  return async (batch) => {
    const { topic, partition } = batch;
    const reader = readers.get(partition) ?? (await openReader(parts.pool, batch, recordsFrom));
    readers.set(partition, reader);
    const fresh = batch.messages.filter(({ offset }) => offset >= reader.seen);
    const [first, last] = [fresh[0], fresh.at(-1)];
    if (first === undefined || last === undefined) {
      const next = (batch.messages.at(-1)?.offset ?? 0n) + 1n;
      return next < reader.seen ? { resumeAt: reader.seen } : undefined;
    }
    if (first.offset > reader.seen && !isLost(reader)) return { resumeAt: reader.seen };
    try {
      await countStretch(parts, reader, {
        topic,
        partition,
        fresh,
        first: first.offset,
        next: last.offset + 1n,
      });
    } catch (error) {
      readers.delete(partition);
      throw error;
    }
    return undefined;
  };
}

async function openReader(
  pool: Pool,
  { topic, partition }: ConsumedBatch,
  recordsFrom: (position: PartitionPosition) => PartitionRecords,
): Promise<Reader> {
  const position = await readPosition(pool, { topic, partition });
  const records = recordsFrom(position);
  return { records, position, seen: records.readFrom, asked: { offset: -1n, times: 0 } };
}

/** True when reading from there was asked for in vain: the log itself has lost those records. */
function isLost(reader: Reader): boolean {
  const times = reader.asked.offset === reader.seen ? reader.asked.times + 1 : 1;
  reader.asked = { offset: reader.seen, times };
  return times > 2;
}

interface Stretch {
  readonly topic: string;
  readonly partition: number;
  readonly fresh: readonly ConsumedMessage[];
  readonly first: bigint;
  readonly next: bigint;
}

async function countStretch(parts: CountingParts, reader: Reader, stretch: Stretch): Promise<void> {
  const { topic, partition, first, next } = stretch;
  const counter = createStretchCounter({ ...parts, nowMs: parts.clock.nowMs() });
  const from = reader.position.nextOffset;
  if (first > from && first > reader.seen) {
    const gap = `${topic}/${partition}: ${from} to ${first} is gone`;
    counter.note("log-gap", gap);
    parts.logger.error("drift-log-gap", { topic, partition, from: from.toString(), to: first.toString() });
  }
  const placed = stretch.fresh.map((message) => ({
    ...message,
    place: `${topic}/${partition}@${message.offset}`,
    counted: message.offset < from,
  }));
  const nextSequence = await reader.records.count(placed, counter);
  if (next > from) {
    const to = { nextOffset: next, nextSequence };
    const moved = await writeStretch(parts.pool, {
      topic,
      partition,
      fromOffset: from,
      ...to,
      ...counter.result(),
    });
    if (!moved)
      throw new Error(`${topic}/${partition} does not stand at ${from}: another monitor counted on`);
    reader.position = to;
  }
  reader.seen = next;
}
