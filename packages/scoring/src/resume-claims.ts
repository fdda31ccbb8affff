import type { BaseTransaction, DecisionAnswer } from "@tollgate/contracts";
import type { Deadline } from "@tollgate/runtime";
import type { Row } from "./batch.ts";
import { ScoringError } from "./errors.ts";
import { scoringLimits } from "./limits.ts";
import { predictScores } from "./predict-scores.ts";
import type { StageMicros } from "./score-transactions.ts";
import type { ScoringPlan } from "./scoring-plan.ts";

/**
 * Transactions that were counted before. Decided: the first decision is the answer. Not decided: whoever
 * counted them crashed or is still at it; once it is certain that the log has no decision, the claim's own
 * vector is scored, so that the answer is the one the first attempt would have given.
 * @throws ScoringError `STILL_IN_PROGRESS` when that is not certain in time: the same id may be sent again.
 */
export async function resumeClaims<T extends BaseTransaction>(
  plan: ScoringPlan<T>,
  rows: readonly Row<T>[],
  context: { readonly deadline: Deadline | undefined; readonly micros: StageMicros },
): Promise<void> {
  const claimed = rows.filter((row) => row.claim !== null);
  if (claimed.length === 0) return;
  const undecided = await withoutDecided(plan, claimed);
  if (undecided.length === 0) return;
  await outliveLease(plan, undecided, context.deadline);
  const abandoned = await withoutLogged(plan, await withoutDecided(plan, undecided), context.deadline);
  if (abandoned.length === 0) return;
  plan.observer.claimsResumed(abandoned.length);
  for (const row of abandoned) {
    if (row.claim === null) continue;
    row.vector = row.claim.vector;
    row.statesRead = row.claim.statesRead;
  }
  await predictScores(plan, abandoned, context.deadline);
}

/** Gives the first decision to the rows that have one; returns the others. */
async function withoutDecided<T extends BaseTransaction>(
  plan: ScoringPlan<T>,
  rows: readonly Row<T>[],
): Promise<readonly Row<T>[]> {
  const decisions = await plan.store
    .readDecisions(rows.map((row) => row.request.transaction.id))
    .catch((error: unknown) => {
      throw new ScoringError("STILL_IN_PROGRESS", error);
    });
  return rows.filter((row, position) => {
    const decision = decisions[position];
    if (decision === null || decision === undefined) return true;
    row.scored = { answer: JSON.parse(decision.answer) as DecisionAnswer, repeated: true };
    return false;
  });
}

/** Waits until nobody can still be at work on the youngest claim, or gives up when a caller waits. */
async function outliveLease<T extends BaseTransaction>(
  plan: ScoringPlan<T>,
  rows: readonly Row<T>[],
  deadline: Deadline | undefined,
): Promise<void> {
  const youngestMs = Math.max(...rows.map((row) => row.claim?.claimedAtMs ?? 0));
  const waitMs = youngestMs + scoringLimits.claimLeaseMs - plan.clock.nowMs();
  if (waitMs <= 0) return;
  if (deadline !== undefined) throw new ScoringError("STILL_IN_PROGRESS");
  await plan.logIndex.pause(Math.min(waitMs, scoringLimits.claimLeaseMs));
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
    throw new ScoringError("STILL_IN_PROGRESS", error);
  }
  return withoutDecided(plan, rows);
}
