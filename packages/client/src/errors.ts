import type { Problem } from "./generated/api-types.ts";

/** The API refused: its problem says why and what to do. */
export class TollgateError extends Error {
  readonly status: number;
  /** Stable, for machines: `INVALID_TRANSACTION`. `UNKNOWN` when something before the API answered. */
  readonly code: string;
  /** Whether the same request can succeed later. */
  readonly retryable: boolean;
  /** As the API asked; undefined when it did not. */
  readonly retryAfterMs: number | undefined;
  /** Names the request in the API's log. */
  readonly requestId: string | undefined;
  readonly faults: Problem["faults"];
  constructor(problem: Omit<Problem, "type" | "title">, answer: Pick<Response, "headers">) {
    super(`${problem.code}: ${problem.detail}`);
    this.name = "TollgateError";
    this.status = problem.status;
    this.code = problem.code;
    this.retryable = problem.retryable;
    this.faults = problem.faults;
    this.requestId = answer.headers.get("x-request-id") ?? undefined;
    const seconds = Number(answer.headers.get("retry-after") ?? Number.NaN);
    this.retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : undefined;
  }
}

/** There was no answer, or not in time. Sending the same ids again is safe: each counts once. */
export class TollgateUnreachable extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = "TollgateUnreachable";
  }
}

/** The answers ended before every line had one. Send those from `answeredLines` on again. */
export class LinesEnded extends Error {
  /** So many were answered, from the first one on. */
  readonly answeredLines: number;
  constructor(answeredLines: number, cause: unknown) {
    super(`the answers ended after line ${answeredLines}: send the lines after it again`, { cause });
    this.name = "LinesEnded";
    this.answeredLines = answeredLines;
  }
}
