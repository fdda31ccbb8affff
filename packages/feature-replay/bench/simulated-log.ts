import type { BaseTransaction, DecisionRecord, LabelledTransaction } from "@tollgate/contracts";
import type { Random, SimulatedTransaction } from "@tollgate/engagement";
import { labelledProgressSlot } from "@tollgate/scoring";

/** A log as arrays: what Kafka would hold. */
export interface SimulatedLog {
  readonly partitions: readonly DecisionRecord[][];
  readonly labels: LabelledTransaction[];
  /** Appends as producers do: some twice, some late and behind newer ones, as from an outbox. */
  append(records: readonly DecisionRecord[]): "log" | "outbox";
  /** What waits in the outbox reaches the log. */
  drain(): void;
  /** What the ledger would publish once a label is known and its decision in the log. */
  publishLabels(nowMs: number): void;
  positions(): ReadonlyMap<number, number>;
}

/** The label of a transaction, to be published when its time has come. */
export interface WaitingLabel {
  readonly transactionId: string;
  readonly label: NonNullable<SimulatedTransaction<BaseTransaction>["label"]>;
}

export interface LogFaults {
  /** Shares of appends. */
  readonly twice: number;
  readonly late: number;
}

export function createSimulatedLog(
  partitionCount: number,
  random: Random,
  faults: LogFaults,
): SimulatedLog & { readonly waiting: WaitingLabel[] } {
  const partitions: DecisionRecord[][] = Array.from({ length: partitionCount }, () => []);
  const labels: LabelledTransaction[] = [];
  const outbox: DecisionRecord[] = [];
  const decided = new Map<string, DecisionRecord>();
  const waiting: WaitingLabel[] = [];
  const put = (record: DecisionRecord): void => {
    partitions[partitionOf(record.partitionKey, partitionCount)]?.push(record);
    if (!decided.has(record.transactionId)) decided.set(record.transactionId, record);
  };
  return {
    partitions,
    labels,
    waiting,
    append(records) {
      if (random.uniform() < faults.late) {
        outbox.push(...records);
        return "outbox";
      }
      for (const record of records) put(record);
      if (random.uniform() < faults.twice) for (const record of records) put(record);
      return "log";
    },
    drain() {
      for (const record of outbox.splice(0)) put(record);
    },
    publishLabels(nowMs) {
      for (const { transactionId, label } of waiting.splice(0)) {
        const record = decided.get(transactionId);
        if (record === undefined || label.labelledAtMs > nowMs) waiting.push({ transactionId, label });
        else if (label.fraud) labels.push(labelledOf(record, { label, sequence: labels.length, nowMs }));
      }
    },
    positions() {
      const positions = new Map(partitions.map((records, partition) => [partition, records.length]));
      return positions.set(labelledProgressSlot, labels.length);
    },
  };
}

function labelledOf(
  record: DecisionRecord,
  of: { readonly label: WaitingLabel["label"]; readonly sequence: number; readonly nowMs: number },
): LabelledTransaction {
  const { transactionId, partitionKey, transaction } = record;
  return {
    schema: "tollgate.labelled-transaction.v1",
    sequence: of.sequence,
    label: {
      labelId: `label-${transactionId}`,
      transactionId,
      fraud: of.label.fraud,
      source: of.label.source,
      labelledAt: new Date(of.label.labelledAtMs).toISOString(),
    },
    partitionKey,
    matchedAt: new Date(of.nowMs).toISOString(),
    transaction,
  };
}

function partitionOf(key: string, partitionCount: number): number {
  let hash = 0;
  for (let index = 0; index < key.length; index += 1) hash = (hash * 31 + key.charCodeAt(index)) >>> 0;
  return hash % partitionCount;
}
