import type { BaseTransaction, DecisionRecord, LabelledTransaction, StateRead } from "@tollgate/contracts";
import type { CompiledEngagement } from "@tollgate/engagement";
import type { CompiledEntity } from "@tollgate/features";
import { createRepetitionWindow, type LoggedDecision, type RepetitionWindow } from "@tollgate/scoring";
import { acceptedTransaction } from "./accepted-transaction.ts";
import { createLanes, type Lanes } from "./lanes.ts";
import type { ReplayWorkspace, TableAppender } from "./open-workspace.ts";

/** Takes a log into a workspace; the tables are what the orders of entities are made from. */
export interface LogStage {
  /** From the beginning of the log, each partition in its order; partitions may alternate. */
  addDecision(decision: LoggedDecision): void;
  /** In any order. */
  addLabel(labelled: LabelledTransaction): void;
  /** Records that hold no transaction of this engagement: counted, and left out. */
  readonly unreadable: number;
  readonly decisions: number;
  finish(): Promise<void>;
}

const schema = `
  create table decisions (
    number double, partition double, log_offset double, id varchar, entity_key varchar, occurred double,
    decided double, counted_lane double, lane double, uncertain boolean, repeated boolean,
    feature_set varchar, vector blob, wire varchar
  );
  create table reads (
    number double, entity double, key varchar, version double, present boolean, applied varchar,
    labels_applied double
  );
  create table labels (
    sequence double, id varchar, fraud boolean, labelled double, matched double, wire varchar
  );
  create table label_keys (sequence double, entity double, key varchar);
`;

export async function stageLog<T extends BaseTransaction>(
  workspace: ReplayWorkspace,
  compiled: CompiledEngagement<T>,
): Promise<LogStage> {
  await workspace.run(schema);
  const tables = {
    decisions: await workspace.append("decisions"),
    reads: await workspace.append("reads"),
    labels: await workspace.append("labels"),
    labelKeys: await workspace.append("label_keys"),
  };
  const windows = new Map<number, RepetitionWindow>();
  const lanes = createLanes();
  let decisions = 0;
  let unreadable = 0;
  return {
    get decisions() {
      return decisions;
    },
    get unreadable() {
      return unreadable;
    },
    addDecision(decision) {
      const transaction = acceptedTransaction(compiled, decision.record.transaction);
      if (transaction === undefined || transaction.id !== decision.record.transactionId) {
        unreadable += 1;
        return;
      }
      const repeated = repeats(windows, compiled.partitionEntity.name, decision);
      appendDecision(tables.decisions, {
        number: decisions,
        transaction,
        decision,
        repeated,
        lanes: lanes.of(decision),
      });
      for (const [position, entity] of compiled.featureSet.entities.entries()) {
        appendRead(tables.reads, { number: decisions, position, entity, transaction }, decision.record);
      }
      decisions += 1;
    },
    addLabel(labelled) {
      const transaction = acceptedTransaction(compiled, labelled.transaction);
      if (transaction === undefined) {
        unreadable += 1;
        return;
      }
      appendLabel(tables.labels, labelled, transaction.id);
      for (const [position, entity] of compiled.featureSet.entities.entries()) {
        if (!entity.usesLabels) continue;
        tables.labelKeys.raw.appendDouble(labelled.sequence);
        tables.labelKeys.raw.appendDouble(position);
        tables.labelKeys.raw.appendVarchar(entity.key(transaction));
        tables.labelKeys.endRow();
      }
    },
    async finish() {
      for (const table of Object.values(tables)) table.finish();
      await workspace.run(derivedTables);
    },
  };
}

/** `labels`: a number that came twice counts once. */
const derivedTables = `
  create table distinct_labels as
    select distinct on (sequence) * from labels order by sequence;
  create table distinct_label_keys as select distinct * from label_keys;
`;

/** The rule by which the live states leave out what stands in the log twice. */
function repeats(
  windows: Map<number, RepetitionWindow>,
  entity: string,
  { partition, offset, record }: LoggedDecision,
): boolean {
  const window = windows.get(partition) ?? createRepetitionWindow(0, entity);
  windows.set(partition, window);
  if (offset >= window.nextOffset) return window.isRepetition(offset, record);
  throw new Error(`offset ${offset} of partition ${partition} was given after ${window.nextOffset - 1}`);
}

function appendDecision(
  { raw, endRow }: TableAppender,
  row: {
    readonly number: number;
    readonly transaction: BaseTransaction;
    readonly decision: LoggedDecision;
    readonly repeated: boolean;
    readonly lanes: ReturnType<Lanes["of"]>;
  },
): void {
  const { partition, offset, record } = row.decision;
  raw.appendDouble(row.number);
  raw.appendDouble(partition);
  raw.appendDouble(offset);
  raw.appendVarchar(record.transactionId);
  raw.appendVarchar(record.partitionKey);
  raw.appendDouble(row.transaction.occurredAtMs);
  raw.appendDouble(Date.parse(record.decidedAt));
  raw.appendDouble(row.lanes.counted);
  raw.appendDouble(row.lanes.read);
  raw.appendBoolean(record.degraded.includes("state-write"));
  raw.appendBoolean(row.repeated);
  raw.appendVarchar(record.featureSet);
  raw.appendBlob(Buffer.from(record.vector, "base64"));
  raw.appendVarchar(JSON.stringify(record.transaction));
  endRow();
}

/** A decision made before the entity was defined (or keyed in this way) has no read of it: version null. */
function appendRead<T extends BaseTransaction>(
  { raw, endRow }: TableAppender,
  row: {
    readonly number: number;
    readonly position: number;
    readonly entity: CompiledEntity<T>;
    readonly transaction: T;
  },
  record: DecisionRecord,
): void {
  const key = row.entity.key(row.transaction);
  const read = record.statesRead.find((candidate) => isOf(candidate, row.entity.name, key));
  raw.appendDouble(row.number);
  raw.appendDouble(row.position);
  raw.appendVarchar(key);
  if (read === undefined) raw.appendNull();
  else raw.appendDouble(read.version);
  raw.appendBoolean(read?.status === "PRESENT");
  raw.appendVarchar(`[${(read?.applied ?? []).join(",")}]`);
  raw.appendDouble(read?.labelsApplied ?? 0);
  endRow();
}

function isOf(read: StateRead, entity: string, key: string): boolean {
  return read.entity === entity && read.key === key;
}

function appendLabel(
  { raw, endRow }: TableAppender,
  { sequence, label, matchedAt, transaction }: LabelledTransaction,
  transactionId: string,
): void {
  raw.appendDouble(sequence);
  raw.appendVarchar(transactionId);
  raw.appendBoolean(label.fraud);
  raw.appendDouble(Date.parse(label.labelledAt));
  raw.appendDouble(Date.parse(matchedAt));
  raw.appendVarchar(JSON.stringify(transaction));
  endRow();
}
