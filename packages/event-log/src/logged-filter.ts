import { randomUUID } from "node:crypto";
import type { DecisionRecord } from "@tollgate/contracts";
import type { Clock, Logger } from "@tollgate/runtime";
import type { Admin, Kafka } from "kafkajs";
import { runBatchConsumer, type ConsumedBatch } from "./batch-consumer.ts";
import { decodeJsonValue } from "./decode-json-value.ts";
import { endOffsets } from "./end-offsets.ts";
import { EventLogError } from "./errors.ts";
import { eventLogLimits } from "./limits.ts";
import { createWakeSignal } from "./wake-signal.ts";

export interface LoggedFilterOptions {
  readonly kafka: Kafka;
  /** The topic of decisions. */
  readonly topic: string;
  readonly logger: Logger;
  readonly clock: Clock;
}

/**
 * A decision log's `withoutLogged` that reads the log itself, from shortly before the oldest of the records to
 * the end as of the call. Takes seconds: it joins a group of its own, and is called only after Kafka failed.
 * @throws EventLogError `EVENT_LOG_UNAVAILABLE` when the end is not reached in time; the drain tries again.
 */
export function createLoggedFilter(
  options: LoggedFilterOptions,
): (records: readonly DecisionRecord[]) => Promise<readonly DecisionRecord[]> {
  return async (records) => {
    const admin = options.kafka.admin();
    await admin.connect();
    const groupId = `logged-filter-${randomUUID()}`;
    try {
      const wanted = new Set(records.map((record) => record.transactionId));
      await startBefore(records, admin, groupId, options);
      const logged = await readToEnd(wanted, admin, groupId, options);
      return records.filter((record) => !logged.has(record.transactionId));
    } finally {
      await admin.deleteGroups([groupId]).catch(() => undefined);
      await admin.disconnect();
    }
  };
}

async function startBefore(
  records: readonly DecisionRecord[],
  admin: Admin,
  groupId: string,
  options: LoggedFilterOptions,
): Promise<void> {
  const decidedAtMs = records.map((record) => Date.parse(record.decidedAt)).filter(Number.isFinite);
  // A reduction: a spread of thousands of arguments could overflow the stack.
  const oldestMs = decidedAtMs.reduce((least, at) => Math.min(least, at), options.clock.nowMs());
  const fromMs = Math.max(0, oldestMs - eventLogLimits.loggedFilterMarginMs);
  const partitions = await admin.fetchTopicOffsetsByTimestamp(options.topic, fromMs);
  await admin.setOffsets({ groupId, topic: options.topic, partitions });
}

async function readToEnd(
  wanted: ReadonlySet<string>,
  admin: Admin,
  groupId: string,
  options: LoggedFilterOptions,
): Promise<ReadonlySet<string>> {
  const logged = new Set<string>();
  const missing = await remaining(admin, groupId, options.topic);
  const signal = createWakeSignal();
  const handle = (batch: ConsumedBatch): Promise<void> => {
    for (const message of batch.messages) {
      const id = transactionIdOf(message.value);
      if (id !== undefined && wanted.has(id)) logged.add(id);
      if (message.offset + 1n >= (missing.get(batch.partition) ?? 0n)) missing.delete(batch.partition);
    }
    if (missing.size === 0) signal.wake();
    return Promise.resolve();
  };
  if (missing.size === 0) return logged;
  const consumer = runBatchConsumer({ ...options, groupId, handle });
  await signal.sleep(eventLogLimits.loggedFilterMs);
  await consumer.stop();
  if (missing.size > 0) {
    throw new EventLogError("EVENT_LOG_UNAVAILABLE", `${options.topic} could not be read to its end in time`);
  }
  return logged;
}

/** The end of each partition that has something to read. */
async function remaining(admin: Admin, groupId: string, topic: string): Promise<Map<number, bigint>> {
  const ends = new Map(await endOffsets(admin, topic));
  const [start] = await admin.fetchOffsets({ groupId, topics: [topic] });
  for (const { partition, offset } of start?.partitions ?? []) {
    if (BigInt(offset) >= (ends.get(partition) ?? 0n)) ends.delete(partition);
  }
  return ends;
}

function transactionIdOf(value: Buffer | null): string | undefined {
  const decoded = decodeJsonValue(value);
  if (!decoded.ok || typeof decoded.value !== "object" || decoded.value === null) return undefined;
  const id = (decoded.value as { transactionId?: unknown }).transactionId;
  return typeof id === "string" ? id : undefined;
}
