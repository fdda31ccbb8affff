import { randomUUID } from "node:crypto";
import { decisionName, type DecisionRecord } from "@tollgate/contracts";
import type { Clock, Logger } from "@tollgate/runtime";
import type { Admin, Kafka } from "kafkajs";
import { runBatchConsumer, type ConsumedBatch, type HandleResult } from "./batch-consumer.ts";
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
 * A decision log's `withoutLogged` that reads the log itself, from shortly before the oldest of the records
 * to the end as of the call. Takes a second or more: it joins a group; called only after a failure.
 * @throws EventLogError `EVENT_LOG_UNAVAILABLE` when the end is not reached in time; the drain tries again.
 */
export function createLoggedFilter(
  options: LoggedFilterOptions,
): (records: readonly DecisionRecord[]) => Promise<readonly DecisionRecord[]> {
  return async (records) => {
    const admin = options.kafka.admin();
    await admin.connect();
    try {
      const stretches = await stretchesToRead(records, admin, options);
      const wanted = new Set(records.map(decisionName));
      const logged = await readStretches(stretches, wanted, admin, options);
      return records.filter((record) => !logged.has(decisionName(record)));
    } finally {
      await admin.disconnect();
    }
  };
}

/** What is read of a partition: from `start` up to, not including, `end`. */
interface Stretch {
  readonly start: bigint;
  readonly end: bigint;
}

async function stretchesToRead(
  records: readonly DecisionRecord[],
  admin: Admin,
  options: LoggedFilterOptions,
): Promise<Map<number, Stretch>> {
  const decidedAtMs = records.map((record) => Date.parse(record.decidedAt)).filter(Number.isFinite);
  // A reduction: a spread of thousands of arguments could overflow the stack.
  const oldestMs = decidedAtMs.reduce((least, at) => Math.min(least, at), options.clock.nowMs());
  const fromMs = Math.max(0, oldestMs - eventLogLimits.loggedFilterMarginMs);
  const starts = await admin.fetchTopicOffsetsByTimestamp(options.topic, fromMs);
  const ends = await endOffsets(admin, options.topic);
  const stretches = new Map<number, Stretch>();
  for (const { partition, offset } of starts) {
    const stretch = { start: BigInt(offset), end: ends.get(partition) ?? 0n };
    if (stretch.start < stretch.end) stretches.set(partition, stretch);
  }
  return stretches;
}

async function readStretches(
  stretches: Map<number, Stretch>,
  wanted: ReadonlySet<string>,
  admin: Admin,
  options: LoggedFilterOptions,
): Promise<ReadonlySet<string>> {
  const logged = new Set<string>();
  if (stretches.size === 0) return logged;
  const signal = createWakeSignal();
  const handle = (batch: ConsumedBatch): Promise<HandleResult> => {
    const stretch = stretches.get(batch.partition);
    const first = batch.messages[0]?.offset ?? 0n;
    const next = (batch.messages.at(-1)?.offset ?? 0n) + 1n;
    if (stretch === undefined) return Promise.resolve(undefined);
    // A new group starts at the beginning of the log: jump to where the stretch starts.
    if (first < stretch.start && next < stretch.start) return Promise.resolve({ resumeAt: stretch.start });
    for (const { value } of batch.messages) {
      const name = nameIn(value);
      if (name !== undefined && wanted.has(name)) logged.add(name);
    }
    if (next >= stretch.end) stretches.delete(batch.partition);
    if (stretches.size === 0) signal.wake();
    return Promise.resolve(undefined);
  };
  const groupId = `logged-filter-${randomUUID()}`;
  const consumer = runBatchConsumer({ ...options, groupId, handle });
  await signal.sleep(eventLogLimits.loggedFilterMs);
  await consumer.stop();
  await admin.deleteGroups([groupId]).catch(() => undefined);
  if (stretches.size > 0) {
    throw new EventLogError("EVENT_LOG_UNAVAILABLE", `${options.topic} could not be read to its end in time`);
  }
  return logged;
}

function nameIn(value: Buffer | null): string | undefined {
  const decoded = decodeJsonValue(value);
  if (!decoded.ok || typeof decoded.value !== "object" || decoded.value === null) return undefined;
  const { transactionId, partitionKey } = decoded.value as Partial<Record<keyof DecisionRecord, unknown>>;
  const isNamed = typeof transactionId === "string" && typeof partitionKey === "string";
  return isNamed ? decisionName({ transactionId, partitionKey }) : undefined;
}
