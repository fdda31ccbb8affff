import type { FailureReason, InferenceErrorCode } from "./errors.ts";

/**
 * `champion` answers decide; `shadow` answers are only compared with them: they run while no champion waits,
 * in a bounded queue, and are dropped first.
 */
export type Priority = "champion" | "shadow";

/** One run of the model. */
export interface FinishedBatch {
  readonly rows: number;
  /** From handing the batch to the runtime until its answer, in microseconds. */
  readonly micros: number;
  readonly failed: boolean;
  readonly priority: Priority;
}

/** A caller that got no scores. */
export interface RejectedCaller {
  readonly code: InferenceErrorCode;
  /** What its metric is counted under. */
  readonly reason: FailureReason;
  readonly rows: number;
  readonly priority: Priority;
}

/** What the batcher tells its owner, for metrics. */
export interface InferenceObserver {
  readonly batchFinished?: (batch: FinishedBatch) => void;
  readonly callerRejected?: (caller: RejectedCaller) => void;
}
