import type { Deadline } from "@tollgate/runtime";
import type { Priority } from "./inference-observer.ts";

/** What one caller wants scored: `rows` vectors, one after the other. They are copied at dispatch. */
export interface ScoringInput {
  readonly vectors: Float32Array;
  readonly rows: number;
  readonly deadline: Deadline;
  /** Without it `champion`. */
  readonly priority?: Priority;
  /** Aborted when the caller has gone: rows that still wait never reach the model. */
  readonly signal?: AbortSignal;
}
