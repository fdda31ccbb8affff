import type { BaseTransaction, DecisionRecord, LabelledTransaction } from "@tollgate/contracts";
import type { CompiledEngagement } from "@tollgate/engagement";
import { storeLimits, type StateAddress, type StateRow } from "@tollgate/feature-store";
import type { CompiledEntity } from "@tollgate/features";

/** A decision and where it stands in the log. */
export interface LoggedDecision {
  readonly partition: number;
  readonly offset: number;
  readonly record: DecisionRecord;
}

/** A decided transaction as states count it. */
export interface DecisionEvent<T extends BaseTransaction> extends LoggedDecision {
  readonly transaction: T;
}

/** A change of belief as states count it. */
export interface LabelEvent<T extends BaseTransaction> {
  readonly sequence: number;
  readonly transaction: T;
  /** False only takes back an earlier true. */
  readonly fraud: boolean;
  readonly labelledAtMs: number;
}

/** The place of the labelled transactions in the store's progress, after the partitions of the decisions. */
export const labelledProgressSlot: number = storeLimits.maxPartitions;

/** @throws when the record does not hold the transaction it is about: it cannot come from the platform. */
export function decisionEvent<T extends BaseTransaction>(
  engagement: CompiledEngagement<T>,
  logged: LoggedDecision,
): DecisionEvent<T> {
  const { partition, offset, record } = logged;
  if (partition >= storeLimits.maxPartitions) {
    throw new RangeError(`partition ${partition}: at most ${storeLimits.maxPartitions} are supported`);
  }
  const transaction = engagement.engagement.transaction.fromWire(record.transaction);
  if (transaction.id === record.transactionId && transaction.occurredAtMs > 0) {
    return { partition, offset, record, transaction };
  }
  throw new Error(`the decision at offset ${offset} does not hold the transaction it is about`);
}

/** @throws when the record does not hold the transaction that its label is about. */
export function labelEvent<T extends BaseTransaction>(
  engagement: CompiledEngagement<T>,
  record: LabelledTransaction,
): LabelEvent<T> {
  const { sequence, label } = record;
  const transaction = engagement.engagement.transaction.fromWire(record.transaction);
  if (transaction.id !== label.transactionId || !(transaction.occurredAtMs > 0)) {
    throw new Error(`labelled transaction ${sequence} does not hold the transaction that its label is about`);
  }
  return { sequence, transaction, fraud: label.fraud, labelledAtMs: Date.parse(label.labelledAt) };
}

/** The streamed states that a decision moves on. */
export function streamedAddresses<T extends BaseTransaction>(
  engagement: CompiledEngagement<T>,
  transaction: T,
): readonly StateAddress<T>[] {
  return addresses(engagement, transaction, (entity) => entity.consistency === "streamed");
}

/** The states that a labelled transaction moves on. */
export function labelledAddresses<T extends BaseTransaction>(
  engagement: CompiledEngagement<T>,
  transaction: T,
): readonly StateAddress<T>[] {
  return addresses(engagement, transaction, (entity) => entity.usesLabels);
}

function addresses<T extends BaseTransaction>(
  engagement: CompiledEngagement<T>,
  transaction: T,
  wanted: (entity: CompiledEntity<T>) => boolean,
): readonly StateAddress<T>[] {
  return engagement.featureSet.entities
    .filter(wanted)
    .map((entity) => ({ entity, key: entity.key(transaction) }));
}

/**
 * Moves a row of a streamed entity on by a decision that is no repetition; false when the row holds it
 * already. Decisions of one partition come in order.
 */
export function applyDecision<T extends BaseTransaction>(
  entity: CompiledEntity<T>,
  row: StateRow,
  event: DecisionEvent<T>,
): boolean {
  if (event.offset < (row.nextOffsets[event.partition] ?? 0)) return false;
  entity.apply(row.state, event.transaction);
  row.nextOffsets[event.partition] = event.offset + 1;
  return true;
}

/** Moves a row on by a change of belief; false when the row holds it already. They come in order. */
export function applyLabelled<T extends BaseTransaction>(
  entity: CompiledEntity<T>,
  row: StateRow,
  event: LabelEvent<T>,
): boolean {
  if (event.sequence < row.nextLabelSequence) return false;
  const { transaction, fraud, labelledAtMs } = event;
  entity.applyLabel(row.state, { transaction, fraud, labelledAtMs });
  row.nextLabelSequence = event.sequence + 1;
  return true;
}
