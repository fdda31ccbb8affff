import type { ErrorEntry, Fault } from "@tollgate/contracts";
import { scoringErrors } from "@tollgate/scoring";

/** Every error an answer can carry; docs/reference/errors.md describes each (a test checks that). */
const ownErrors = {
  INVALID_JSON: {
    status: 400,
    retryable: false,
    message: "The body is not JSON. Mend it at the place named in the fault.",
  },
  NOT_UTF8: {
    status: 400,
    retryable: false,
    message: "The body is not valid UTF-8. Encode it as UTF-8.",
  },
  EMPTY_BODY: { status: 400, retryable: false, message: "The body is empty. Send a JSON document." },
  INVALID_TRANSACTION: {
    status: 400,
    retryable: false,
    message: "The transaction was not accepted, nothing was recorded. Mend every fault listed.",
  },
  INVALID_BATCH: {
    status: 400,
    retryable: false,
    message: 'A batch is a JSON array of transactions, or {"transactions": [...]}. Nothing was recorded.',
  },
  INVALID_LABELS: {
    status: 400,
    retryable: false,
    message: "At least one label was not accepted, so none was recorded. Mend every fault listed.",
  },
  INVALID_INFERENCE: {
    status: 400,
    retryable: false,
    message: "The inference request was not accepted.",
  },
  INVALID_DEADLINE: {
    status: 400,
    retryable: false,
    message: "Tollgate-Deadline-Ms must be a whole number of milliseconds from 1 on.",
  },
  WEBHOOK_NOT_ALLOWED: {
    status: 400,
    retryable: false,
    message: "Tollgate-Webhook must be a URL of an origin that the operator has allowed for webhooks.",
  },
  INVALID_TRANSACTION_ID: {
    status: 400,
    retryable: false,
    message: "A transaction id is 1 to 64 letters, digits or . _ : -",
  },
  INVALID_MODEL: {
    status: 400,
    retryable: false,
    message: "A model is chosen as name@alias, name@v3, name/3, @alias or @v3.",
  },
  MALFORMED_REQUEST: {
    status: 400,
    retryable: false,
    message: "The request is not valid HTTP/1.1. The connection is closed.",
  },
  UNAUTHENTICATED: {
    status: 401,
    retryable: false,
    message: "No valid API key. Send one as `Authorization: Bearer <key>` or `X-Api-Key: <key>`.",
  },
  MISSING_SCOPE: {
    status: 403,
    retryable: false,
    message: "This API key may not do this. Use a key with the scope named in the detail.",
  },
  NOT_FOUND: { status: 404, retryable: false, message: "There is nothing here. /docs lists every path." },
  MODEL_NOT_LOADED: {
    status: 404,
    retryable: false,
    message: "That model version is not loaded here. POST /v2/repository/index lists those that are.",
  },
  DECISION_NOT_FOUND: {
    status: 404,
    retryable: false,
    message:
      "No decision on this transaction id. Check the id; if it was just sent, ask again in a few seconds.",
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    retryable: false,
    message: "This path does not take this method. The Allow header lists those it takes.",
  },
  REQUEST_TIMEOUT: {
    status: 408,
    retryable: true,
    message: "The request did not arrive in time. The connection is closed; send it again.",
  },
  BODY_TOO_LARGE: {
    status: 413,
    retryable: false,
    message: "The body is larger than this path takes. Send less in one request.",
  },
  LINE_TOO_LONG: {
    status: 413,
    retryable: false,
    message: "The line is longer than one transaction may be. The other lines are not affected.",
  },
  TOO_MANY_ITEMS: {
    status: 413,
    retryable: false,
    message: "More items than one request may hold. Split them over several requests.",
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    retryable: false,
    message: "Send the body as `Content-Type: application/json`, in UTF-8 and not compressed.",
  },
  SUBMISSION_REJECTED: {
    status: 422,
    retryable: false,
    message: "The transaction was handed in and could not be decided; nothing was counted. Hand it in again.",
  },
  RATE_LIMITED: {
    status: 429,
    retryable: true,
    message: "This API key's rate is used up. Wait as long as Retry-After says.",
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    retryable: false,
    message: "The request's headers are too large. The connection is closed.",
  },
  INTERNAL: {
    status: 500,
    retryable: true,
    message: "A fault of ours. Send the same transaction id again; if it stays, report the request id.",
  },
  NOT_IMPLEMENTED: {
    status: 501,
    retryable: false,
    message: "The Open Inference Protocol has this, this server has not. GET /v2 lists its extensions.",
  },
  INFERENCE_REJECTED: {
    status: 503,
    retryable: true,
    message: "The model cannot answer before the deadline. Wait as long as Retry-After says.",
  },
  OVERLOADED: {
    status: 503,
    retryable: true,
    message: "This replica handles as many requests as it can. Wait as long as Retry-After says.",
  },
  STREAM_ENDED: {
    status: 503,
    retryable: true,
    message: "This replica is being stopped and reads no further. Send this line and those after it again.",
  },
  LABELS_NOT_RECORDED: {
    status: 503,
    retryable: true,
    message: "The event log did not take the labels in time. Send them again; the same label id counts once.",
  },
  SUBMISSION_NOT_RECORDED: {
    status: 503,
    retryable: true,
    message: "The event log did not take the transaction in time. Send it again; the same id counts once.",
  },
  LEDGER_NOT_STARTED: {
    status: 503,
    retryable: true,
    message:
      "The ledger has not started; until it has, only the last minutes' decisions are found. Ask again.",
  },
  DECISIONS_UNAVAILABLE: {
    status: 503,
    retryable: true,
    message: "The decisions cannot be looked up at the moment. Ask again.",
  },
} as const;

export type ApiErrorCode = keyof typeof ownErrors | keyof typeof scoringErrors;

export const apiErrors: Readonly<Record<ApiErrorCode, ErrorEntry>> = { ...ownErrors, ...scoringErrors };

export interface ApiErrorDetails {
  /** Added to the table's message; shown to the caller. */
  readonly detail?: string;
  readonly faults?: readonly Fault[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** Ends a request with a row of {@link apiErrors}. */
export class ApiError extends Error {
  readonly code: ApiErrorCode;
  readonly details: ApiErrorDetails;
  constructor(code: ApiErrorCode, details: ApiErrorDetails = {}) {
    super(apiErrors[code].message);
    this.name = "ApiError";
    this.code = code;
    this.details = details;
  }
}
