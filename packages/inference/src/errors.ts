import type { ErrorEntry } from "@tollgate/contracts";

export type InferenceErrorCode =
  | "MODEL_UNUSABLE"
  | "GOLDEN_ROWS_DIFFER"
  | "INPUT_SIZE"
  | "REJECTED"
  | "QUEUE_FULL"
  | "SHADOW_DROPPED"
  | "DEADLINE"
  | "CANCELED"
  | "BACKEND"
  | "CLOSED";

/** Triton's words for why an inference failed (`nv_inference_request_failure{reason}`). */
export type FailureReason = "REJECTED" | "CANCELED" | "BACKEND" | "OTHER";

/** An error of inference, with the reason that its metric is counted under. */
export interface InferenceErrorEntry extends ErrorEntry {
  readonly reason: FailureReason;
}

/** Why there is no score: in service the pipeline degrades to rules, at start the process is not ready. */
export const inferenceErrors: Readonly<Record<InferenceErrorCode, InferenceErrorEntry>> = {
  MODEL_UNUSABLE: {
    status: 500,
    retryable: false,
    reason: "OTHER",
    message: "The model file cannot be served. Export it with one float32 input and one score for each row.",
  },
  GOLDEN_ROWS_DIFFER: {
    status: 500,
    retryable: false,
    reason: "OTHER",
    message: "The model gives other scores here than where it was trained. Train and export it again.",
  },
  INPUT_SIZE: {
    status: 500,
    retryable: false,
    reason: "OTHER",
    message:
      "The vectors do not have the length of the model's input. Serve the feature set it was trained on.",
  },
  REJECTED: {
    status: 503,
    retryable: true,
    reason: "REJECTED",
    message: "The model cannot answer before the deadline. Send it again after the time in Retry-After.",
  },
  QUEUE_FULL: {
    status: 503,
    retryable: true,
    reason: "REJECTED",
    message: "More transactions wait for the model than it can score in time. Send fewer, or add a process.",
  },
  SHADOW_DROPPED: {
    status: 503,
    retryable: true,
    reason: "REJECTED",
    message:
      "The champion left no time for a shadow version. Its answer is missing from the comparison only.",
  },
  DEADLINE: {
    status: 503,
    retryable: true,
    reason: "REJECTED",
    message: "The deadline passed before the model's turn came. Send fewer transactions, or add a process.",
  },
  CANCELED: {
    status: 499,
    retryable: false,
    reason: "CANCELED",
    message: "The caller has gone. Nothing has to be done.",
  },
  BACKEND: {
    status: 503,
    retryable: true,
    reason: "BACKEND",
    message: "The model gave no usable score. See the log for the reason; the rules still decide.",
  },
  CLOSED: {
    status: 503,
    retryable: true,
    reason: "REJECTED",
    message: "This process is stopping. Send the request to another one.",
  },
};

/** An error of the table, with what happened in this case for the log; `entry` is what a caller may see. */
export class InferenceError extends Error {
  readonly code: InferenceErrorCode;
  readonly entry: InferenceErrorEntry;
  /** After how long a refused caller may come again, in milliseconds; only on REJECTED and QUEUE_FULL. */
  readonly retryAfterMs: number | undefined;
  constructor(
    code: InferenceErrorCode,
    detail: string,
    more: { readonly cause?: unknown; readonly retryAfterMs?: number } = {},
  ) {
    super(`${code}: ${detail}`, { cause: more.cause });
    this.name = "InferenceError";
    this.code = code;
    this.entry = inferenceErrors[code];
    this.retryAfterMs = more.retryAfterMs;
  }
}
