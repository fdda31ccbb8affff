export { columnsOfModel } from "./columns-of-model.ts";
export type { ServedFeatureSet } from "./columns-of-model.ts";
export { ModelRegistryError, modelRegistryErrors, type ModelRegistryErrorCode } from "./errors.ts";
export { decodeGoldenRows, type GoldenRows } from "./golden-rows.ts";
export type { ModelFeature, ModelManifest } from "./model-manifest.ts";
export { parseModelManifest } from "./model-manifest.ts";
export { openModelRegistry } from "./open-model-registry.ts";
export type { ModelRegistry, NewModel, ResolvedModel } from "./open-model-registry.ts";
