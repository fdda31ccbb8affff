export type { AcceleratorUse, DeviceFailure } from "./accelerated-session.ts";
export { createAcceleratorMemory, type AcceleratorMemory } from "./accelerator-memory.ts";
export { createBatcher, type Batcher, type BatcherOptions, type Yielding } from "./create-batcher.ts";
export { createModelSlot, type ModelSlot, type ServedModel, type SwapReport } from "./model-slot.ts";
export {
  InferenceError,
  inferenceErrors,
  type FailureReason,
  type InferenceErrorCode,
  type InferenceErrorEntry,
} from "./errors.ts";
export type { FinishedBatch, InferenceObserver, Priority, RejectedCaller } from "./inference-observer.ts";
export {
  batcherLimits,
  modelLimits,
  placementLimits,
  type BatcherLimits,
  type ModelLimits,
  type PlacementLimits,
} from "./limits.ts";
export { loadModel, type LoadModelOptions, type ModelObserver } from "./load-model.ts";
export type { ModelCost } from "./measure-cost.ts";
export type { Accelerator } from "./open-accelerator.ts";
export type { ScoringInput } from "./scoring-input.ts";
export type { Placement, ScoringModel } from "./scoring-model.ts";
export type { WorkerDeath } from "./supervise-worker.ts";
