import { answerOf, type BaseTransaction, type DecisionRecord } from "@tollgate/contracts";
import type { CompiledEngagement } from "@tollgate/engagement";
import { emptyRow, storeLimits, type FeatureStore, type StateAddress } from "@tollgate/feature-store";
import type { Clock } from "@tollgate/runtime";
import { scoringLimits } from "./limits.ts";

/** Decisions of one partition of the log, in order. */
export interface LoggedDecisions {
  readonly partition: number;
  readonly entries: readonly { readonly offset: number; readonly record: DecisionRecord }[];
  /** Offset after the last record of the batch, readable or not. */
  readonly nextOffset: number;
}

export interface LogApplier<T extends BaseTransaction> {
  readonly engagement: CompiledEngagement<T>;
  readonly store: FeatureStore<T>;
  readonly clock: Clock;
}

interface Event<T extends BaseTransaction> {
  readonly offset: number;
  readonly record: DecisionRecord;
  readonly transaction: T;
}

/**
 * Applies the log to what derives from it: the states of streamed entities (one write for each entity and
 * batch, with the offset in the row, so that redelivery never counts twice), transactional states that could
 * not be written when the score was made, and the index of which decisions the log holds.
 * @throws when the store is away: the caller brings the same batch again.
 */
export async function applyDecisionLog<T extends BaseTransaction>(
  applier: LogApplier<T>,
  batch: LoggedDecisions,
): Promise<void> {
  if (batch.partition >= storeLimits.maxPartitions) {
    throw new RangeError(`partition ${batch.partition}: at most ${storeLimits.maxPartitions} are supported`);
  }
  const events = batch.entries.map((entry) => eventOf(applier, entry));
  await advanceStreamedStates(applier, batch.partition, events);
  await countWhatWasNotCounted(applier, events);
  await indexDecisions(applier, events);
  await applier.store.writeProgress(batch.partition, batch.nextOffset);
}

function eventOf<T extends BaseTransaction>(
  applier: LogApplier<T>,
  entry: { readonly offset: number; readonly record: DecisionRecord },
): Event<T> {
  const transaction = applier.engagement.engagement.transaction.fromWire(entry.record.transaction);
  if (transaction.id === entry.record.transactionId && transaction.occurredAtMs > 0) {
    return { ...entry, transaction };
  }
  throw new Error(`the decision at offset ${entry.offset} does not hold the transaction it is about`);
}

async function advanceStreamedStates<T extends BaseTransaction>(
  applier: LogApplier<T>,
  partition: number,
  events: readonly Event<T>[],
): Promise<void> {
  let pending = eventsByAddress(applier, events);
  for (let attempt = 1; pending.length > 0; attempt += 1) {
    if (attempt > scoringLimits.rememberAttempts) throw new Error("streamed states keep changing underneath");
    const recalled = await applier.store.recall(
      pending.map((group) => group.address),
      [],
    );
    const writes = pending.flatMap((group, position) => {
      const { entity, key } = group.address;
      const read = recalled.states[position];
      const row = read?.row ?? emptyRow(entity);
      const from = row.nextOffsets[partition] ?? 0;
      const fresh = group.events.filter((event) => event.offset >= from);
      const last = fresh.at(-1);
      if (read === undefined || last === undefined) return [];
      for (const event of fresh) entity.apply(row.state, event.transaction);
      row.nextOffsets[partition] = last.offset + 1;
      return [{ group, write: { entity, key, expectedVersion: read.versionBytes, row, claims: [] } }];
    });
    const written = await applier.store.remember(writes.map(({ write }) => write));
    pending = writes.filter((_write, position) => written[position] !== true).map(({ group }) => group);
  }
}

interface EventGroup<T extends BaseTransaction> {
  readonly address: StateAddress<T>;
  readonly events: Event<T>[];
}

function eventsByAddress<T extends BaseTransaction>(
  applier: LogApplier<T>,
  events: readonly Event<T>[],
): readonly EventGroup<T>[] {
  const groups = new Map<string, EventGroup<T>>();
  for (const entity of applier.engagement.featureSet.entities) {
    if (entity.consistency !== "streamed") continue;
    for (const event of events) {
      const key = entity.key(event.transaction);
      const name = `${entity.name}\0${key}`;
      const group = groups.get(name);
      if (group === undefined) groups.set(name, { address: { entity, key }, events: [event] });
      else group.events.push(event);
    }
  }
  return [...groups.values()];
}

/** Scores made while the store was away are counted late rather than never; the claim keeps it to once. */
async function countWhatWasNotCounted<T extends BaseTransaction>(
  applier: LogApplier<T>,
  events: readonly Event<T>[],
): Promise<void> {
  const entity = applier.engagement.partitionEntity;
  for (const { record, transaction } of events) {
    if (!record.degraded.includes("state-write")) continue;
    const key = entity.key(transaction);
    for (let attempt = 1; attempt <= scoringLimits.rememberAttempts; attempt += 1) {
      const recalled = await applier.store.recall(
        [{ entity, key }],
        [{ key, transactionId: transaction.id }],
      );
      const [read] = recalled.states;
      if (read === undefined || recalled.claims[0] !== null) break;
      const row = read.row ?? emptyRow(entity);
      entity.apply(row.state, transaction);
      const claim = {
        claimedAtMs: applier.clock.nowMs(),
        vector: vectorOf(record),
        statesRead: record.statesRead,
      };
      const claims = [{ transactionId: transaction.id, claim }];
      const expectedVersion = read.versionBytes;
      const [written] = await applier.store.remember([{ entity, key, expectedVersion, row, claims }]);
      if (written === true) break;
    }
  }
}

/** Usually the scorer has written the decision; what it could not is written here, from the log. */
async function indexDecisions<T extends BaseTransaction>(
  applier: LogApplier<T>,
  events: readonly Event<T>[],
): Promise<void> {
  const claims = events.map(({ record }) => ({
    key: record.partitionKey,
    transactionId: record.transactionId,
  }));
  const known = await applier.store.confirmLogged(claims);
  const entries = events
    .filter((_event, position) => known[position] !== true)
    .map(({ record }) => ({
      transactionId: record.transactionId,
      place: "logged" as const,
      answer: JSON.stringify(answerOf(record)),
    }));
  await applier.store.writeDecisions(entries);
}

function vectorOf(record: DecisionRecord): Float32Array {
  const bytes = Buffer.from(record.vector, "base64");
  const vector = new Float32Array(bytes.length / 4);
  new Uint8Array(vector.buffer).set(bytes);
  return vector;
}
