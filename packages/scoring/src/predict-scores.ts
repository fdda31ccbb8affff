import type { BaseTransaction } from "@tollgate/contracts";
import type { Deadline } from "@tollgate/runtime";
import type { Row } from "./batch.ts";
import type { ScoringPlan } from "./scoring-plan.ts";

/** Scores the rows with the model; without an answer in time they go to the next rung, the rules. */
export async function predictScores<T extends BaseTransaction>(
  plan: ScoringPlan<T>,
  rows: readonly Row<T>[],
  deadline: Deadline | undefined,
): Promise<void> {
  if (rows.length === 0) return;
  try {
    const inputs = gatherInputs(plan.predictor.columns, rows);
    const scores = await plan.predictor.predict(inputs, rows.length, deadline);
    for (const [position, row] of rows.entries()) {
      const score = scores[position];
      if (score === undefined || !(score >= 0 && score <= 1)) throw new RangeError(`not a score: ${score}`);
      row.score = score;
      row.degraded.delete("model");
    }
  } catch {
    for (const row of rows) {
      row.score = null;
      row.degraded.add("model");
    }
  }
}

/** The model's columns of each row's vector, row after row. */
function gatherInputs<T extends BaseTransaction>(columns: Int32Array, rows: readonly Row<T>[]): Float32Array {
  const inputs = new Float32Array(rows.length * columns.length);
  let next = 0;
  for (const { vector } of rows) {
    for (let input = 0; input < columns.length; input += 1) {
      inputs[next] = vector[columns[input] ?? -1] ?? Number.NaN;
      next += 1;
    }
  }
  return inputs;
}
