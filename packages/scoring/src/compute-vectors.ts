import type { BaseTransaction, FeatureStatus, StateRead } from "@tollgate/contracts";
import { emptyRow, type StateRow, type StateWrite } from "@tollgate/feature-store";
import {
  computeVector,
  lastEventMsOf,
  stateStatus,
  versionOf,
  type CompiledEntity,
  type EntityState,
} from "@tollgate/features";
import type { Row } from "./batch.ts";
import type { RecalledStates } from "./recall-states.ts";
import type { ScoringPlan } from "./scoring-plan.ts";

/** The new state of a transactional entity, and the rows that it counts. */
export interface PendingState<T extends BaseTransaction> {
  readonly entity: CompiledEntity<T>;
  readonly key: string;
  readonly expectedVersion: StateWrite<T>["expectedVersion"];
  readonly row: StateRow;
  readonly rows: Row<T>[];
}

/**
 * Computes each row's vector from the states before it, in order, and moves the transactional states on:
 * the second payment of a card in a batch sees the first. Streamed states stay as they were read.
 */
export function computeVectors<T extends BaseTransaction>(
  plan: ScoringPlan<T>,
  recalled: RecalledStates<T>,
  rows: readonly Row<T>[],
): readonly PendingState<T>[] {
  const { featureSet } = plan.engagement;
  const pending = new Map<number, PendingState<T>>();
  for (const row of rows) {
    const { transaction } = row.request;
    const states: (EntityState | null)[] = [];
    const reads: StateRead[] = [];
    for (const [index, entity] of featureSet.entities.entries()) {
      const place = row.places[index] ?? -1;
      const key = recalled.addresses[place]?.key ?? "";
      const stored = currentRow(recalled, pending, place);
      const state = stored?.state ?? null;
      const status = stateStatus(entity, state, transaction.occurredAtMs);
      states.push(status === "PRESENT" ? state : null);
      reads.push(stateRead(entity, { key, row: stored, status }));
      plan.observer.featureStatus(entity.name, status);
      if (status === "PRESENT" && state !== null) {
        plan.observer.featureAge(entity.name, Math.max(0, transaction.occurredAtMs - lastEventMsOf(state)));
      }
    }
    computeVector(featureSet, transaction, states, row.vector);
    row.statesRead = reads;
    moveOn(recalled, pending, { row, entities: featureSet.entities });
  }
  return [...pending.values()];
}

function currentRow<T extends BaseTransaction>(
  recalled: RecalledStates<T>,
  pending: ReadonlyMap<number, PendingState<T>>,
  place: number,
): StateRow | null {
  return pending.get(place)?.row ?? recalled.states?.[place]?.row ?? null;
}

/** What a replay needs to find the same state again. */
function stateRead<T extends BaseTransaction>(
  entity: CompiledEntity<T>,
  read: { readonly key: string; readonly row: StateRow | null; readonly status: FeatureStatus },
): StateRead {
  const { key, row, status } = read;
  const common = { entity: entity.name, key, version: row === null ? 0 : versionOf(row.state), status };
  if (entity.consistency === "transactional") return common;
  const offsets = row?.nextOffsets ?? [];
  let length = offsets.length;
  while (length > 0 && offsets[length - 1] === 0) length -= 1;
  const applied = Array.from({ length }, (_, partition) => offsets[partition] ?? 0);
  return { ...common, applied, labelsApplied: row?.nextLabelSequence ?? 0 };
}

function moveOn<T extends BaseTransaction>(
  recalled: RecalledStates<T>,
  pending: Map<number, PendingState<T>>,
  context: { readonly row: Row<T>; readonly entities: readonly CompiledEntity<T>[] },
): void {
  if (recalled.states === null) return;
  const { transaction } = context.row.request;
  for (const [index, entity] of context.entities.entries()) {
    if (entity.consistency !== "transactional") continue;
    const place = context.row.places[index] ?? -1;
    let state = pending.get(place);
    if (state === undefined) {
      const read = recalled.states[place];
      const address = recalled.addresses[place];
      if (read === undefined || address === undefined) {
        throw new Error(`the state ${entity.name} of a row was not read`);
      }
      const row = read.row ?? emptyRow(entity);
      state = { entity, key: address.key, expectedVersion: read.versionBytes, row, rows: [] };
      pending.set(place, state);
    }
    entity.apply(state.row.state, transaction);
    state.rows.push(context.row);
  }
}
