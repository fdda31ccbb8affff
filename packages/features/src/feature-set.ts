import type { BaseTransaction } from "@tollgate/contracts";
import { checkDefinition, type CheckOptions } from "./check-definition.ts";
import { compileEntity, type CompiledEntity } from "./compile-entity.ts";
import type { FeatureSetDefinition, StateFeature } from "./definition.ts";
import { describeFeatures, type FeatureDescription } from "./feature-description.ts";
import { compileDerived } from "./compile-derived.ts";
import { compileSequence, type CompiledSequence } from "./compile-sequence.ts";
import type { EntityState } from "./entity-state.ts";
import { digest } from "./fingerprint.ts";
import { matchColumns, type ColumnMatch, type FeatureReference } from "./feature-columns.ts";
import { compileGuard } from "./range-guard.ts";

/** A feature set, compiled at start and only read per transaction. */
export interface FeatureSet<T extends BaseTransaction> {
  /** The vector's layout: what each column means, in order; all are float32. */
  readonly features: readonly FeatureDescription[];
  readonly names: readonly string[];
  readonly size: number;
  /** Identifies names, order and meanings: two sets with the same hash give the same vectors. */
  readonly hash: string;
  readonly entities: readonly CompiledEntity<T>[];
  /** What lies behind the features where a vector is `size + sequence.size` long. */
  readonly sequence: CompiledSequence<T> | undefined;
  /**
   * Writes the vector of a transaction into `out` from `offset`. Pure but for `out`; allocates nothing.
   * @param states one for each entity, in the order of `entities`; null where nothing is known.
   */
  compute(transaction: T, states: readonly (EntityState | null)[], out: Float32Array, offset: number): void;
  /** Fills in the derived columns of a vector whose other columns are known; `compute` does so by itself. */
  derive(out: Float32Array, offset: number): void;
  /** Where the columns of a model lie in this vector; refused with the difference when one is not there. */
  columnsOf(expected: readonly FeatureReference[]): ColumnMatch;
  /** Counts the values of a vector that lie outside their range, each in its column; returns how many. */
  countOutOfRange(vector: Float32Array, offset: number, counts: Uint32Array): number;
}

/** Compiles a definition; throws a `FeatureDefinitionError` with every fault that it has. */
export function compileFeatureSet<T extends BaseTransaction>(
  definition: FeatureSetDefinition<T>,
  options: CheckOptions = {},
): FeatureSet<T> {
  checkDefinition(definition, options);
  const features = describeFeatures(definition.features);
  const missing = Float64Array.from(features, ({ missingValue }) =>
    missingValue === "not-a-number" ? Number.NaN : missingValue,
  );
  const programs = definition.entities.map((entity) => {
    const own: { readonly column: number; readonly feature: StateFeature<T> }[] = [];
    for (const [column, feature] of definition.features.entries()) {
      if ("entity" in feature && feature.entity === entity) own.push({ column, feature });
    }
    return compileEntity(entity, own, missing);
  });
  const ofTransaction = definition.features.flatMap((feature, column) =>
    feature.kind === "transaction" ? [{ column, value: feature.value }] : [],
  );
  const derive = compileDerived(definition.features, missing);
  const hash = digest(features.map(({ name, fingerprint }) => [name, fingerprint]));
  const entities = programs.map(({ entity }) => entity);
  const { sequence } = definition;
  return {
    features,
    names: features.map(({ name }) => name),
    size: features.length,
    hash,
    entities,
    sequence: sequence === undefined ? undefined : compileSequence(sequence, { entities, hash }),
    compute(transaction, states, out, offset) {
      for (let position = 0; position < ofTransaction.length; position += 1) {
        const feature = ofTransaction[position];
        if (feature === undefined) continue;
        const value = feature.value(transaction) ?? Number.NaN;
        out[offset + feature.column] = Number.isNaN(value) ? (missing[feature.column] ?? 0) : value;
      }
      for (let position = 0; position < programs.length; position += 1) {
        programs[position]?.compute(transaction, states[position] ?? null, out, offset);
      }
      derive(out, offset);
    },
    derive,
    columnsOf: (expected) => matchColumns(expected, features),
    countOutOfRange: compileGuard(features, missing),
  };
}
