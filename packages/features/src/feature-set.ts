import { createHash } from "node:crypto";
import type { BaseTransaction } from "@tollgate/contracts";
import { applyTransaction } from "./apply-transaction.ts";
import { missingValue, type FeatureSetDefinition } from "./definition.ts";
import { layoutOf, type EntityLayout } from "./entity-layout.ts";
import { emptyState, loadState, type EntityState } from "./entity-state.ts";
import { compileEntityFeature } from "./evaluate-feature.ts";
import { featureName } from "./feature-name.ts";

/** What a column of the vector means; the docs table and the training columns are made from it. */
export interface FeatureDescription {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly entity: string | undefined;
  readonly missingValue: number;
}

/** One entity, compiled: how its state is made, read and moved on. */
export interface CompiledEntity<T extends BaseTransaction> {
  readonly name: string;
  readonly consistency: "transactional" | "streamed";
  readonly retentionMs: number;
  readonly layout: EntityLayout<T>;
  key(transaction: T): string;
  empty(): EntityState;
  load(bytes: Uint8Array): EntityState;
  apply(state: EntityState, transaction: T): void;
}

/** A feature set, compiled at start and only read per transaction. */
export interface FeatureSet<T extends BaseTransaction> {
  readonly features: readonly FeatureDescription[];
  readonly names: readonly string[];
  readonly size: number;
  /** Identifies names, order, units and state layouts; a model is refused when its manifest says another. */
  readonly hash: string;
  readonly entities: readonly CompiledEntity<T>[];
  /**
   * Writes the vector of a transaction into `out` from `offset`.
   * @param states one for each entity, in the order of `entities`; null where nothing is known.
   */
  compute(transaction: T, states: readonly (EntityState | null)[], out: Float32Array, offset: number): void;
}

const dayMs = 86_400_000;
/** Hex characters of the hash: 64 bits, short enough for a log line. */
const hashLength = 16;

/** Compiles a definition; throws with what to mend when it does not hold together. */
export function compileFeatureSet<T extends BaseTransaction>(
  definition: FeatureSetDefinition<T>,
): FeatureSet<T> {
  const entities = definition.entities.map((entity) => compileEntity(definition, entity.name));
  const features = describe(definition);
  const evaluators = definition.features.map((feature) => {
    if (feature.kind === "transaction") return { entity: -1, evaluate: feature.value };
    const entity = entities.findIndex((candidate) => candidate.name === feature.entity);
    const layout = entities[entity]?.layout;
    if (layout === undefined) throw new Error(`unknown entity ${feature.entity}`);
    return { entity, evaluate: compileEntityFeature(feature, layout) };
  });
  return {
    features,
    names: features.map((feature) => feature.name),
    size: features.length,
    hash: hashOf(features, entities),
    entities,
    compute(transaction, states, out, offset) {
      for (let column = 0; column < evaluators.length; column += 1) {
        const evaluator = evaluators[column];
        if (evaluator === undefined) continue;
        const state = evaluator.entity < 0 ? null : (states[evaluator.entity] ?? null);
        out[offset + column] = evaluator.evaluate(transaction, state);
      }
    },
  };
}

function compileEntity<T extends BaseTransaction>(
  definition: FeatureSetDefinition<T>,
  name: string,
): CompiledEntity<T> {
  const entity = definition.entities.find((candidate) => candidate.name === name);
  if (entity === undefined) throw new Error(`unknown entity ${name}`);
  const layout = layoutOf(entity, definition.features);
  return {
    name,
    consistency: entity.consistency,
    retentionMs: entity.retentionDays * dayMs,
    layout,
    key: entity.key,
    empty: () => emptyState(layout),
    load: (bytes) => loadState(layout, bytes),
    apply: (state, transaction) => applyTransaction(layout, state, transaction),
  };
}

function describe<T extends BaseTransaction>(
  definition: FeatureSetDefinition<T>,
): readonly FeatureDescription[] {
  const features = definition.features.map((feature) => ({
    name: featureName(feature, definition.entities),
    description: feature.description,
    unit: feature.unit,
    entity: feature.kind === "transaction" ? undefined : feature.entity,
    missingValue,
  }));
  const names = features.map((feature) => feature.name);
  const twice = names.find((name, position) => names.indexOf(name) !== position);
  if (twice !== undefined) throw new Error(`the feature "${twice}" is defined twice`);
  return features;
}

function hashOf<T extends BaseTransaction>(
  features: readonly FeatureDescription[],
  entities: readonly CompiledEntity<T>[],
): string {
  const columns = features.map((feature) => [feature.name, feature.unit, feature.missingValue]);
  const layouts = entities.map((entity) => [entity.name, entity.layout.hash]);
  return createHash("sha256")
    .update(JSON.stringify([columns, layouts]))
    .digest("hex")
    .slice(0, hashLength);
}
