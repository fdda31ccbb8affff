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
  const { size } = plan.engagement.featureSet;
  const vectors = new Float32Array(rows.length * size);
  for (const [position, row] of rows.entries()) vectors.set(row.vector, position * size);
  try {
    const scores = await plan.predictor.predict(vectors, rows.length, deadline);
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
