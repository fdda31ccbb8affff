import type { Deadline } from "@tollgate/runtime";
import type { FinishedBatch, Priority } from "./inference-observer.ts";

/** What one caller wants scored: `rows` vectors, one after the other. They are copied at dispatch. */
export interface ScoringInput {
  readonly vectors: Float32Array;
  readonly rows: number;
  readonly deadline: Deadline;
  /** Without it `champion`. */
  readonly priority?: Priority;
  /** Aborted when the caller has gone: rows that still wait never reach the model. */
  readonly signal?: AbortSignal;
  /**
   * Told of each batch that had rows of this caller, and how long it had waited when that one was dispatched;
   * before it has its scores. Nothing is measured for a caller who leaves it out.
   */
  readonly ran?: (batch: FinishedBatch, waitedMicros: number) => void;
}
