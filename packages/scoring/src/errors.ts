import type { ErrorEntry } from "@tollgate/contracts";

export type ScoringErrorCode =
  | "NOT_RECORDED"
  | "STILL_IN_PROGRESS"
  | "TRANSACTION_ID_TAKEN"
  | "REJECTED"
  | "CANCELED";

/** Why a transaction could not be decided. Everything else degrades and is answered. */
export const scoringErrors: Readonly<Record<ScoringErrorCode, ErrorEntry>> = {
  NOT_RECORDED: {
    status: 503,
    retryable: true,
    message:
      "The decision could not be recorded durably, so none was given. Send the same transaction id again.",
  },
  STILL_IN_PROGRESS: {
    status: 503,
    retryable: true,
    message:
      "An earlier request with this transaction id is not finished. Send the same transaction id again.",
  },
  TRANSACTION_ID_TAKEN: {
    status: 409,
    retryable: false,
    message:
      "This id was given to another transaction, of another card or account. Nothing was counted or " +
      "recorded: send it under an id of its own.",
  },
  REJECTED: {
    status: 503,
    retryable: true,
    message:
      "So much waits for the model that the answer would be late. Nothing was counted: send it again after " +
      "the time in Retry-After.",
  },
  CANCELED: {
    status: 499,
    retryable: false,
    message: "The caller went away before its transactions were counted. Nothing was recorded.",
  },
};

export class ScoringError extends Error {
  readonly code: ScoringErrorCode;
  constructor(code: ScoringErrorCode, cause?: unknown) {
    super(scoringErrors[code].message, { cause });
    this.name = "ScoringError";
    this.code = code;
  }
}
