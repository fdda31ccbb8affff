import type { BaseTransaction } from "@tollgate/contracts";
import type { RecalledState, StateAddress } from "@tollgate/feature-store";
import type { Deadline } from "@tollgate/runtime";
import type { Row } from "./batch.ts";
import { answerRepetition } from "./answer-repetition.ts";
import { inTime } from "./in-time.ts";
import { scoringLimits } from "./limits.ts";
import type { ScoringPlan } from "./scoring-plan.ts";

/** The states of a batch, each read once however many rows need it. */
export interface RecalledStates<T extends BaseTransaction> {
  /** A row's `places` say where its entities are. */
  readonly addresses: readonly StateAddress<T>[];
  /** In the order of `addresses`; null when the store was late or away: everything is then unknown. */
  readonly states: readonly RecalledState[] | null;
  /** Generation of the store that they are of; 0 when nothing was read. */
  readonly generation: number;
}

/**
 * One Redis round trip for all entities of all rows, and for whether each transaction was counted or decided
 * before. One that was decided has its first decision, also when a build of another layout counted it.
 */
export async function recallStates<T extends BaseTransaction>(
  plan: ScoringPlan<T>,
  rows: readonly Row<T>[],
  deadline: Deadline | undefined,
): Promise<RecalledStates<T>> {
  const positions = new Map<string, number>();
  const addresses: StateAddress<T>[] = [];
  const { entities } = plan.engagement.featureSet;
  for (const row of rows) {
    for (const [index, entity] of entities.entries()) {
      const key = entity.key(row.request.transaction);
      const name = `${entity.name}\0${key}`;
      let place = positions.get(name);
      if (place === undefined) {
        place = addresses.length;
        positions.set(name, place);
        addresses.push({ entity, key });
      }
      row.places[index] = place;
    }
  }
  const claims = rows.map((row) => ({
    key: row.partitionKey,
    transactionId: row.request.transaction.id,
  }));
  const recalled = await inTime(plan.store.recall(addresses, claims), timeoutMs(deadline));
  for (const [position, row] of rows.entries()) {
    row.claim = recalled?.claims[position] ?? null;
    row.generation = recalled?.generation ?? 0;
    const decision = recalled?.decisions[position];
    if (decision !== undefined && decision !== null) answerRepetition(row, decision);
    if (recalled === null) row.degraded.add("features").add("state-write");
  }
  return {
    addresses,
    states: recalled?.states ?? null,
    generation: recalled?.generation ?? 0,
  };
}

function timeoutMs(deadline: Deadline | undefined): number {
  if (deadline === undefined) return scoringLimits.recallTimeoutWithoutDeadlineMs;
  return Math.min(scoringLimits.recallTimeoutMs, deadline.remainingMs() - scoringLimits.reserveMs);
}
