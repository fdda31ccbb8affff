import type { ErrorEntry } from "@tollgate/contracts";

export type ReplayErrorCode =
  | "REBUILD_RUNNING"
  | "LEASE_LOST"
  | "GENERATION_WRITTEN_BY_ANOTHER"
  | "GENERATION_MOVED"
  | "REST_NOT_APPLIED";

/** What can go wrong in a rebuild, and what to do about it. Scoring goes on in every case. */
export const replayErrors: Readonly<Record<ReplayErrorCode, ErrorEntry>> = {
  REBUILD_RUNNING: {
    status: 409,
    retryable: true,
    message:
      "Another rebuild of this store is running. Wait for its end; one that died is forgotten in 30 s.",
  },
  LEASE_LOST: {
    status: 409,
    retryable: true,
    message:
      "The rebuild was held up for so long that another may have begun. Nothing was switched; run it again.",
  },
  GENERATION_WRITTEN_BY_ANOTHER: {
    status: 409,
    retryable: true,
    message:
      "The new generation was written by another process. Nothing was switched; run the rebuild again.",
  },
  GENERATION_MOVED: {
    status: 409,
    retryable: true,
    message: "Another generation was served meanwhile. Nothing was switched; run the rebuild again.",
  },
  REST_NOT_APPLIED: {
    status: 503,
    retryable: true,
    message: "The new generation is served, but lags behind the log. Is the transaction consumer running?",
  },
};

/** An error of the table, with what happened in this case. */
export class ReplayError extends Error {
  readonly code: ReplayErrorCode;
  readonly entry: ErrorEntry;
  constructor(code: ReplayErrorCode, detail: string, cause?: unknown) {
    super(`${replayErrors[code].message} (${code}: ${detail})`, { cause });
    this.name = "ReplayError";
    this.code = code;
    this.entry = replayErrors[code];
  }
}
