import type { InferenceErrorCode } from "./errors.ts";

/** One run of the model. */
export interface FinishedBatch {
  readonly rows: number;
  /** From handing the batch to the runtime until its answer, in microseconds. */
  readonly micros: number;
  readonly failed: boolean;
}

/** What the batcher tells its owner, for metrics. */
export interface InferenceObserver {
  readonly batchFinished?: (batch: FinishedBatch) => void;
  /** A caller got no scores. */
  readonly callerRejected?: (code: InferenceErrorCode) => void;
}
