export * from "./definition.ts";
export { compileFeatureSet } from "./feature-set.ts";
export type { CompiledEntity, FeatureDescription, FeatureSet } from "./feature-set.ts";
export { lastEventMsOf, versionOf } from "./entity-state.ts";
export type { EntityState } from "./entity-state.ts";
export type { EntityLayout } from "./entity-layout.ts";
export { greatCircleKilometres } from "./great-circle.ts";
