import type { BaseTransaction } from "@tollgate/contracts";
import type { FeatureSet } from "@tollgate/features";

/** Positions of an entity's own columns in the vector. */
export function columnsOfEntity<T extends BaseTransaction>(
  featureSet: FeatureSet<T>,
  entity: string,
): readonly number[] {
  return featureSet.features.flatMap((feature, column) => (feature.entity === entity ? [column] : []));
}

/** Those columns of a vector, one after the other, as bytes. */
export function pickColumns(vector: Float32Array, columns: readonly number[]): Uint8Array {
  const picked = new Float32Array(columns.length);
  for (const [position, column] of columns.entries()) picked[position] = vector[column] ?? 0;
  return new Uint8Array(picked.buffer);
}

/** Puts them back into another vector. */
export function placeColumns(vector: Float32Array, columns: readonly number[], bytes: Uint8Array): void {
  const picked = new Float32Array(columns.length);
  new Uint8Array(picked.buffer).set(bytes);
  for (const [position, column] of columns.entries()) vector[column] = picked[position] ?? 0;
}

/** Computes what is left of a vector whose entity columns are known: of the transaction, and derived. */
export function completeVector<T extends BaseTransaction>(
  featureSet: FeatureSet<T>,
  transaction: T,
  vector: Float32Array,
  known: ReadonlySet<number>,
): void {
  const nothing = featureSet.entities.map(() => null);
  const withoutStates = new Float32Array(featureSet.size);
  featureSet.compute(transaction, nothing, withoutStates, 0);
  for (const [column, value] of withoutStates.entries()) if (!known.has(column)) vector[column] = value;
  featureSet.derive(vector, 0);
}
