import type { BaseTransaction } from "@tollgate/contracts";
import type { Deadline } from "@tollgate/runtime";
import type { Row } from "./batch.ts";
import type { Predictor, ScoringPlan } from "./scoring-plan.ts";

/**
 * Scores each row with the version that its caller chose, or with the one that serves everybody; without an
 * answer in time they go to the next rung, the rules.
 */
export async function predictScores<T extends BaseTransaction>(
  plan: ScoringPlan<T>,
  rows: readonly Row<T>[],
  deadline: Deadline | undefined,
): Promise<void> {
  if (rows.length === 0) return;
  if (rows.every(({ request }) => request.predictor === undefined)) {
    await predictWith(plan.predictor, rows, { plan, deadline });
    return;
  }
  const groups = Map.groupBy(rows, ({ request }) => request.predictor ?? plan.predictor);
  await Promise.all(
    Array.from(groups, ([predictor, group]) => predictWith(predictor, group, { plan, deadline })),
  );
}

async function predictWith<T extends BaseTransaction>(
  predictor: Predictor,
  rows: readonly Row<T>[],
  { plan, deadline }: { readonly plan: ScoringPlan<T>; readonly deadline: Deadline | undefined },
): Promise<void> {
  try {
    const vectors = rows.map(({ vector }) => vector);
    const { scores, version } = await predictor.predict(vectors, deadline);
    for (const [position, row] of rows.entries()) {
      const score = scores[position];
      if (score === undefined || !(score >= 0 && score <= 1)) throw new RangeError(`not a score: ${score}`);
      row.score = score;
      row.version = version;
      row.degraded.delete("model");
    }
    plan.observer.scored(version.reference, scores);
  } catch {
    for (const row of rows) {
      row.score = null;
      row.version = null;
      row.degraded.add("model");
    }
  }
}
