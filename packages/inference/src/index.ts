export { createBatcher, type Batcher, type BatcherOptions, type ScoringInput } from "./create-batcher.ts";
export { InferenceError, inferenceErrors, type InferenceErrorCode } from "./errors.ts";
export type { FinishedBatch, InferenceObserver } from "./inference-observer.ts";
export { batcherLimits, modelLimits, type BatcherLimits, type ModelLimits } from "./limits.ts";
export { loadModel, type LoadModelOptions } from "./load-model.ts";
export type { ModelCost } from "./measure-cost.ts";
export type { ScoringModel } from "./scoring-model.ts";
