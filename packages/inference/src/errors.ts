import type { ErrorEntry } from "@tollgate/contracts";

export type InferenceErrorCode =
  | "MODEL_UNUSABLE"
  | "GOLDEN_ROWS_DIFFER"
  | "INPUT_SIZE"
  | "QUEUE_FULL"
  | "DEADLINE"
  | "BACKEND"
  | "CLOSED";

/** Why there is no score: in service the pipeline degrades to rules, at start the process is not ready. */
export const inferenceErrors: Readonly<Record<InferenceErrorCode, ErrorEntry>> = {
  MODEL_UNUSABLE: {
    status: 500,
    retryable: false,
    message: "The model file cannot be served. Export it with one float32 input and one score for each row.",
  },
  GOLDEN_ROWS_DIFFER: {
    status: 500,
    retryable: false,
    message: "The model gives other scores here than where it was trained. Train and export it again.",
  },
  INPUT_SIZE: {
    status: 500,
    retryable: false,
    message:
      "The vectors do not have the length of the model's input. Serve the feature set it was trained on.",
  },
  QUEUE_FULL: {
    status: 503,
    retryable: true,
    message: "More transactions wait for the model than it can score in time. Send fewer, or add a process.",
  },
  DEADLINE: {
    status: 503,
    retryable: true,
    message: "The deadline passed before the model's turn came. Send fewer transactions, or add a process.",
  },
  BACKEND: {
    status: 503,
    retryable: true,
    message: "The model gave no usable score. See the log for the reason; the rules still decide.",
  },
  CLOSED: {
    status: 503,
    retryable: true,
    message: "This process is stopping. Send the request to another one.",
  },
};

/** An error of the table, with what happened in this case for the log; `entry` is what a caller may see. */
export class InferenceError extends Error {
  readonly code: InferenceErrorCode;
  readonly entry: ErrorEntry;
  constructor(code: InferenceErrorCode, detail: string, cause?: unknown) {
    super(`${code}: ${detail}`, { cause });
    this.name = "InferenceError";
    this.code = code;
    this.entry = inferenceErrors[code];
  }
}
