import type { BaseTransaction } from "@tollgate/contracts";
import {
  lastEventMsOf,
  versionOf,
  type CompiledEntity,
  type EntityState,
  type FeatureSet,
} from "@tollgate/features";

/** Computes the vectors of a stream in its order, as the scoring way does, with all states in memory. */
export interface FeatureReplay<T extends BaseTransaction> {
  /** Writes the transaction's vector from the states before it, then moves every entity's state on. */
  next(transaction: T, out: Float32Array): void;
  /** Entities with a state. */
  readonly entityCount: number;
}

/** The same `compute` and `apply` that serve online: there is no second definition of a feature. */
export function createFeatureReplay<T extends BaseTransaction>(featureSet: FeatureSet<T>): FeatureReplay<T> {
  const memories = featureSet.entities.map((entity) => ({ entity, states: new Map<string, EntityState>() }));
  return {
    next(transaction, out) {
      const own = memories.map(({ entity, states }) => stateOf(entity, states, transaction));
      const usable = own.map((state, position) => {
        const retentionMs = featureSet.entities[position]?.retentionMs ?? 0;
        const isNew = versionOf(state) === 0;
        return isNew || lastEventMsOf(state) < transaction.occurredAtMs - retentionMs ? null : state;
      });
      featureSet.compute(transaction, usable, out, 0);
      for (const [position, entity] of featureSet.entities.entries()) {
        const state = own[position];
        if (state !== undefined) entity.apply(state, transaction);
      }
    },
    get entityCount() {
      return memories.reduce((count, { states }) => count + states.size, 0);
    },
  };
}

function stateOf<T extends BaseTransaction>(
  entity: CompiledEntity<T>,
  states: Map<string, EntityState>,
  transaction: T,
): EntityState {
  const key = entity.key(transaction);
  const known = states.get(key);
  if (known !== undefined) return known;
  const state = entity.empty();
  states.set(key, state);
  return state;
}
