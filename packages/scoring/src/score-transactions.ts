import type { BaseTransaction, Stage } from "@tollgate/contracts";
import type { Deadline } from "@tollgate/runtime";
import { openBatch, type Row } from "./batch.ts";
import { computeVectors } from "./compute-vectors.ts";
import { scoringLimits } from "./limits.ts";
import { predictScores } from "./predict-scores.ts";
import { recallStates } from "./recall-states.ts";
import { decideAndRecord } from "./record-decisions.ts";
import { rememberStates } from "./remember-states.ts";
import { resumeClaims } from "./resume-claims.ts";
import type { ScoreRequest, Scored } from "./score-request.ts";
import type { ScoringPlan } from "./scoring-plan.ts";

/** Microseconds spent in each stage, by the whole batch. */
export type StageMicros = Record<Stage, number>;

/**
 * The way of a transaction. HTTP, batch and Kafka all come through here.
 * @param requests at most {@link scoringLimits.batchTransactions}, in the order in which they count.
 * @param deadline by which answers must be out; undefined when nobody waits (Kafka).
 * @returns one answer for each request, in order. Whatever was late or down is named in `degraded`.
 * @throws ScoringError when a decision could not be recorded: then none was given.
 */
export async function scoreTransactions<T extends BaseTransaction>(
  plan: ScoringPlan<T>,
  requests: readonly ScoreRequest<T>[],
  deadline?: Deadline,
): Promise<readonly Scored[]> {
  if (requests.length > scoringLimits.batchTransactions) {
    throw new RangeError(`at most ${scoringLimits.batchTransactions} transactions in one call`);
  }
  const { featureSet, partitionEntity } = plan.engagement;
  const batch = openBatch(featureSet, (transaction) => partitionEntity.key(transaction), requests);
  const micros: StageMicros = { recall: 0, compute: 0, predict: 0, decide: 0, record: 0 };
  await countOnce(plan, batch.rows, { deadline, micros });
  await resumeClaims(plan, batch.rows, { deadline, micros });
  await decideAndRecord(plan, batch.rows, micros);
  return answersOf(requests, batch.rowOfRequest);
}

/** Recall, compute, then predict while states are written; again for cards that another writer changed. */
async function countOnce<T extends BaseTransaction>(
  plan: ScoringPlan<T>,
  rows: readonly Row<T>[],
  context: { readonly deadline: Deadline | undefined; readonly micros: StageMicros },
): Promise<void> {
  let pending = rows;
  for (let attempt = 1; pending.length > 0; attempt += 1) {
    const recalled = await timed(plan, context.micros, "recall", () =>
      recallStates(plan, pending, context.deadline),
    );
    const fresh = pending.filter((row) => row.claim === null);
    const states = await timed(plan, context.micros, "compute", () => computeVectors(plan, recalled, fresh));
    const [conflicted] = await Promise.all([
      rememberStates(plan, states, { generation: recalled.generation, deadline: context.deadline }),
      timed(plan, context.micros, "predict", () => predictScores(plan, fresh, context.deadline)),
    ]);
    if (conflicted.length > 0) plan.observer.stateConflicts(conflicted.length);
    const outOfTime = context.deadline?.expired() === true || attempt >= scoringLimits.rememberAttempts;
    if (outOfTime) for (const row of conflicted) row.degraded.add("state-write");
    pending = outOfTime ? [] : conflicted;
  }
}

/** Adds the time that a stage took to its sum. */
async function timed<T extends BaseTransaction, R>(
  plan: ScoringPlan<T>,
  micros: StageMicros,
  stage: Stage,
  work: () => R | Promise<R>,
): Promise<R> {
  const startMicros = plan.clock.monotonicMicros();
  const result = await work();
  micros[stage] += plan.clock.monotonicMicros() - startMicros;
  return result;
}

function answersOf<T extends BaseTransaction>(
  requests: readonly ScoreRequest<T>[],
  rowOfRequest: readonly Row<T>[],
): readonly Scored[] {
  return rowOfRequest.map((row, position) => {
    if (row.scored === null) throw new Error(`no decision on ${row.request.transaction.id}`);
    return row.request === requests[position] ? row.scored : { ...row.scored, repeated: true };
  });
}
