import { outcomes, type BaseTransaction } from "@tollgate/contracts";
import type { CompiledEngagement } from "@tollgate/engagement";
import { replayLimits } from "./limits.ts";
import type { ReplayWorkspace, TableAppender } from "./open-workspace.ts";
import type { ReplayedDecision } from "./replayed-decision.ts";

/** Gathers replayed decisions and writes them as a Parquet file that the trainer reads. */
export interface TrainingTable<T extends BaseTransaction> {
  /**
   * Where a vector cannot be computed again, the recorded one stands in when it is of the same feature set.
   * Returns which vector the row has; `left-out` for a repetition, and where there is neither.
   */
  add(decision: ReplayedDecision<T>): "replayed" | "logged" | "left-out";
  /** Row groups of {@link replayLimits.rowGroupRows}, Zstandard. The file is there whole or not at all. */
  write(path: string): Promise<void>;
}

export async function createTrainingTable<T extends BaseTransaction>(
  workspace: ReplayWorkspace,
  compiled: CompiledEngagement<T>,
): Promise<TrainingTable<T>> {
  const { featureSet } = compiled;
  const features = featureSet.names.map((name) => `, ${identifier(name)} float`).join("");
  await workspace.run(`create table training (
    "transactionId" varchar, "entityKey" varchar, "occurredAtMs" double, "decidedAtMs" double,
    "labelFraud" boolean, "labelledAtMs" double, "ruleOutcome" integer, "rulesFired" integer,
    "vectorSource" varchar, "loggedFeatureSet" varchar, "loggedVector" blob ${features}
  )`);
  const table = await workspace.append("training");
  return {
    add(decision) {
      const vector = decision.fault === null ? decision.vector : loggedVector(featureSet, decision);
      if (decision.repeated || vector === undefined) return "left-out";
      const source = decision.fault === null ? "replayed" : "logged";
      appendRow(table, { compiled, decision, vector, source });
      return source;
    },
    async write(path) {
      table.finish();
      await workspace.run(
        `copy (select * from training order by "decidedAtMs", "transactionId") to ${text(path)}
         (format parquet, compression zstd, row_group_size ${replayLimits.rowGroupRows})`,
      );
    },
  };
}

function loggedVector<T extends BaseTransaction>(
  featureSet: CompiledEngagement<T>["featureSet"],
  decision: ReplayedDecision<T>,
): Float32Array | undefined {
  if (decision.featureSet !== featureSet.hash) return undefined;
  const vector = new Float32Array(featureSet.size);
  if (decision.logged.length !== vector.byteLength) return undefined;
  new Uint8Array(vector.buffer).set(decision.logged);
  return vector;
}

function appendRow<T extends BaseTransaction>(
  { raw, endRow }: TableAppender,
  row: {
    readonly compiled: CompiledEngagement<T>;
    readonly decision: ReplayedDecision<T>;
    readonly vector: Float32Array;
    readonly source: string;
  },
): void {
  const { decision, vector } = row;
  const { transaction, label } = decision;
  const verdict = row.compiled.decisions.decide({
    transaction,
    vector,
    offset: 0,
    score: null,
    thresholds: null,
  });
  raw.appendVarchar(transaction.id);
  raw.appendVarchar(decision.entityKey);
  raw.appendDouble(transaction.occurredAtMs);
  raw.appendDouble(decision.decidedAtMs);
  if (label === undefined) raw.appendNull();
  else raw.appendBoolean(label.fraud);
  if (label === undefined) raw.appendNull();
  else raw.appendDouble(label.labelledAtMs);
  raw.appendInteger(outcomes.indexOf(verdict.outcome));
  raw.appendInteger(verdict.reasons.length);
  raw.appendVarchar(row.source);
  raw.appendVarchar(decision.featureSet);
  raw.appendBlob(decision.logged);
  for (const value of vector) raw.appendFloat(value);
  endRow();
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
