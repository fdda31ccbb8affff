import type { BaseTransaction } from "@tollgate/contracts";
import type { EntityState } from "./entity-state.ts";
import type { FeatureSet } from "./feature-set.ts";

/**
 * Fills a vector: the features and, where it is long enough for it, the sequence behind them. The same for
 * who serves, replays and trains.
 * @param states one for each entity, in the set's order; null where nothing is known.
 */
export function computeVector<T extends BaseTransaction>(
  featureSet: FeatureSet<T>,
  transaction: T,
  states: readonly (EntityState | null)[],
  vector: Float32Array,
): void {
  const { size, sequence } = featureSet;
  featureSet.compute(transaction, states, vector, 0);
  if (sequence !== undefined && vector.length >= size + sequence.size) {
    sequence.read(transaction, states, vector, size);
  }
}
