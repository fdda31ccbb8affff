import type { BaseTransaction } from "@tollgate/contracts";
import type { FeatureSet } from "@tollgate/features";
import type { Deadline } from "@tollgate/runtime";
import type { Row } from "./batch.ts";
import type { PendingState } from "./compute-vectors.ts";
import { inTime } from "./in-time.ts";
import { scoringLimits } from "./limits.ts";
import type { ScoringPlan } from "./scoring-plan.ts";

/**
 * Writes the new states by compare-and-set, each together with the claims of the transactions it counts.
 * @param context generation: the one that the states were read from.
 * @returns the rows whose state another writer changed since it was read: they must be counted again.
 */
export async function rememberStates<T extends BaseTransaction>(
  plan: ScoringPlan<T>,
  states: readonly PendingState<T>[],
  context: { readonly generation: number; readonly deadline: Deadline | undefined },
): Promise<readonly Row<T>[]> {
  if (states.length === 0) return [];
  const claimedAtMs = plan.clock.nowMs();
  const { featureSet } = plan.engagement;
  const writes = states.map(({ entity, key, expectedVersion, row, rows }) => ({
    entity,
    key,
    expectedVersion,
    row,
    claims: rows.map(({ request, vector, statesRead }) => ({
      transactionId: request.transaction.id,
      claim: { claimedAtMs, featureSet: hashOfVector(featureSet, vector), vector, statesRead },
    })),
  }));
  const written = await inTime(plan.store.remember(writes, context.generation), timeoutMs(context.deadline));
  if (written !== null) {
    return states.filter((_state, position) => written[position] !== true).flatMap((state) => state.rows);
  }
  // Perhaps written, perhaps not: the claim tells whoever counts it from the log.
  for (const row of states.flatMap((state) => state.rows)) row.degraded.add("state-write");
  return [];
}

/** What a vector's numbers mean: the features alone, or with the sequence behind them. */
export function hashOfVector<T extends BaseTransaction>(
  { hash, size, sequence }: FeatureSet<T>,
  vector: Float32Array,
): string {
  return sequence !== undefined && vector.length > size ? sequence.vectorHash : hash;
}

function timeoutMs(deadline: Deadline | undefined): number {
  if (deadline === undefined) return scoringLimits.rememberTimeoutWithoutDeadlineMs;
  return deadline.remainingMs() - scoringLimits.reserveMs;
}
