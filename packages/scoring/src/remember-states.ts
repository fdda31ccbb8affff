import type { BaseTransaction } from "@tollgate/contracts";
import type { Row } from "./batch.ts";
import type { PendingState } from "./compute-vectors.ts";
import type { ScoringPlan } from "./scoring-plan.ts";

/**
 * Writes the new states by compare-and-set, each together with the claims of the transactions it counts.
 * @returns the rows whose state another writer changed since it was read: they must be counted again.
 */
export async function rememberStates<T extends BaseTransaction>(
  plan: ScoringPlan<T>,
  states: readonly PendingState<T>[],
): Promise<readonly Row<T>[]> {
  if (states.length === 0) return [];
  const claimedAtMs = plan.clock.nowMs();
  const writes = states.map(({ entity, key, expectedVersion, row, rows }) => ({
    entity,
    key,
    expectedVersion,
    row,
    claims: rows.map(({ request, vector, statesRead }) => ({
      transactionId: request.transaction.id,
      claim: { claimedAtMs, vector, statesRead },
    })),
  }));
  try {
    const written = await plan.store.remember(writes);
    return states.filter((_state, position) => written[position] !== true).flatMap((state) => state.rows);
  } catch {
    for (const row of states.flatMap((state) => state.rows)) row.degraded.add("state-write");
    return [];
  }
}
