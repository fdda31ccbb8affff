import type { BaseTransaction } from "@tollgate/contracts";
import { computeVector } from "@tollgate/features";
import type { Deadline } from "@tollgate/runtime";
import type { Row } from "./batch.ts";
import { ScoringError } from "./errors.ts";
import { scoringLimits } from "./limits.ts";
import { hashOfVector } from "./remember-states.ts";
import { predictScores } from "./predict-scores.ts";
import { answerRepetition } from "./answer-repetition.ts";
import type { StageMicros } from "./score-transactions.ts";
import type { ScoringPlan } from "./scoring-plan.ts";

/**
 * Transactions that were counted before. Decided: the first decision is the answer. Not decided: whoever
 * counted them crashed or is still at it; once it is certain that the log has no decision, the claim's own
 * vector is scored, so that the answer is the one the first attempt would have given.
 * When that is not certain in time their failure is `STILL_IN_PROGRESS`: the same id may be sent again.
 */
export async function resumeClaims<T extends BaseTransaction>(
  plan: ScoringPlan<T>,
  rows: readonly Row<T>[],
  context: { readonly deadline: Deadline | undefined; readonly micros: StageMicros },
): Promise<void> {
  const undecided = await withoutDecided(plan, rows);
  if (undecided.length === 0) return;
  const outlived = await outliveLease(plan, undecided, context.deadline);
  const abandoned = await withoutLogged(plan, await withoutDecided(plan, outlived), context.deadline);
  if (abandoned.length === 0) return;
  plan.observer.claimsResumed(abandoned.length);
  const { featureSet } = plan.engagement;
  for (const row of abandoned) {
    if (row.claim === null) continue;
    if (row.claim.featureSet === hashOfVector(featureSet, row.claim.vector)) {
      row.vector = row.claim.vector;
      row.statesRead = row.claim.statesRead;
    } else {
      withoutStates(plan, row);
    }
  }
  await predictScores(plan, abandoned, context.deadline);
}

/**
 * Counted by a build with other features, whose vector means nothing here. The states hold the transaction by
 * now, so it is decided without them; counted by nobody that could be asked, as far as the record goes.
 */
function withoutStates<T extends BaseTransaction>({ engagement }: ScoringPlan<T>, row: Row<T>): void {
  const { featureSet } = engagement;
  const { transaction } = row.request;
  const unknown = featureSet.entities.map(() => null);
  computeVector(featureSet, transaction, unknown, row.vector);
  row.statesRead = featureSet.entities.map((entity) => {
    return { entity: entity.name, key: entity.key(transaction), version: 0, status: "NOT_FOUND" };
  });
  row.generation = 0;
  row.degraded.add("features");
}

/** Gives the first decision to the rows that have one; returns the others. */
async function withoutDecided<T extends BaseTransaction>(
  plan: ScoringPlan<T>,
  rows: readonly Row<T>[],
): Promise<readonly Row<T>[]> {
  if (rows.length === 0) return rows;
  let decisions: Awaited<ReturnType<ScoringPlan<T>["store"]["readDecisions"]>>;
  try {
    decisions = await plan.store.readDecisions(rows.map((row) => row.request.transaction.id));
  } catch (error) {
    return stillInProgress(rows, error);
  }
  return rows.filter((row, position) => {
    const decision = decisions[position];
    if (decision === null || decision === undefined) return true;
    answerRepetition(row, decision);
    return false;
  });
}

/** Waits until nobody can still be at work on the claims; those that a caller cannot wait for fail. */
async function outliveLease<T extends BaseTransaction>(
  plan: ScoringPlan<T>,
  rows: readonly Row<T>[],
  deadline: Deadline | undefined,
): Promise<readonly Row<T>[]> {
  const nowMs = plan.clock.nowMs();
  const waitMs = (row: Row<T>): number => (row.claim?.claimedAtMs ?? 0) + scoringLimits.claimLeaseMs - nowMs;
  const longestMs = Math.max(...rows.map(waitMs));
  if (longestMs <= 0) return rows;
  if (deadline !== undefined) {
    stillInProgress(rows.filter((row) => waitMs(row) > 0));
    return rows.filter((row) => waitMs(row) <= 0);
  }
  await plan.logIndex.pause(Math.min(longestMs, scoringLimits.claimLeaseMs));
  return rows;
}

/** Gives nothing back: these rows go no further. */
function stillInProgress<T extends BaseTransaction>(
  rows: readonly Row<T>[],
  cause?: unknown,
): readonly Row<T>[] {
  for (const row of rows) row.failure = new ScoringError("STILL_IN_PROGRESS", cause);
  return [];
}

/** Rows whose decision the log does not hold; those that it holds get it. */
async function withoutLogged<T extends BaseTransaction>(
  plan: ScoringPlan<T>,
  rows: readonly Row<T>[],
  deadline: Deadline | undefined,
): Promise<readonly Row<T>[]> {
  if (rows.length === 0) return rows;
  const limitMs =
    deadline === undefined
      ? scoringLimits.logIndexTimeoutMs
      : deadline.remainingMs() - scoringLimits.reserveMs;
  try {
    await plan.logIndex.catchUp(limitMs);
  } catch (error) {
    return stillInProgress(rows, error);
  }
  return withoutDecided(plan, rows);
}
