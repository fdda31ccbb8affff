export * from "./definition.ts";
export { count, maximum, mean, minimum, rate, standardDeviation, sum } from "./builders/aggregates.ts";
export type { DelayOptions, RateOptions } from "./builders/aggregates.ts";
export { distinct, firstSeen, topCategoryShare } from "./builders/categories.ts";
export { derived, difference, ratio } from "./builders/derived.ts";
export type { ComputedOptions, FeatureInput } from "./builders/derived.ts";
export type { FeatureOptions, FilterOptions, WindowOptions } from "./builders/feature-options.ts";
export { labelRate } from "./builders/labels.ts";
export { ratioToNormal, zScore } from "./builders/normals.ts";
export { ofTransaction } from "./builders/of-transaction.ts";
export type { TransactionOptions } from "./builders/of-transaction.ts";
export { recent } from "./builders/recent.ts";
export {
  distanceSinceLast,
  secondsSinceFirst,
  secondsSinceLast,
  speedSinceLast,
} from "./builders/recency.ts";
export type { LabelledTransaction } from "./apply-transaction.ts";
export type { CompiledEntity } from "./compile-entity.ts";
export { lastEventMsOf, stateBytes, stateMemory, versionOf } from "./entity-state.ts";
export type { EntityState, StateMemory } from "./entity-state.ts";
export type { EntityLayout } from "./entity-layout.ts";
export { FeatureDefinitionError } from "./feature-definition-error.ts";
export type { DefinitionFault } from "./feature-definition-error.ts";
export { describeDifference, matchColumns } from "./feature-columns.ts";
export type { ColumnMatch, FeatureDifference, FeatureReference } from "./feature-columns.ts";
export type { FeatureDescription } from "./feature-description.ts";
export { compileFeatureSet } from "./feature-set.ts";
export type { FeatureSet } from "./feature-set.ts";
export { computeVector } from "./compute-vector.ts";
export type { CompiledSequence, SequenceReference } from "./compile-sequence.ts";
export { greatCircleKilometres } from "./great-circle.ts";
export { stateStatus, usableState } from "./state-status.ts";
