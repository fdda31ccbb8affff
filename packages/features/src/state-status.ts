import type { BaseTransaction, FeatureStatus } from "@tollgate/contracts";
import type { CompiledEntity } from "./compile-entity.ts";
import { lastEventMsOf, versionOf, type EntityState } from "./entity-state.ts";

/**
 * What a score makes of a state, in Feast's words: one that nothing was added to for longer than its entity's
 * retention is not used. The same for who serves, replays and trains.
 * @param nowMs when the transaction happened.
 */
export function stateStatus<T extends BaseTransaction>(
  entity: CompiledEntity<T>,
  state: EntityState | null | undefined,
  nowMs: number,
): Exclude<FeatureStatus, "NULL_VALUE"> {
  if (state === null || state === undefined || versionOf(state) === 0) return "NOT_FOUND";
  return lastEventMsOf(state) < nowMs - entity.retentionMs ? "OUTSIDE_MAX_AGE" : "PRESENT";
}

/** The state, or null where it is not used. */
export function usableState<T extends BaseTransaction>(
  entity: CompiledEntity<T>,
  state: EntityState | undefined,
  nowMs: number,
): EntityState | null {
  return state !== undefined && stateStatus(entity, state, nowMs) === "PRESENT" ? state : null;
}
