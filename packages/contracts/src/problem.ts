import type { Fault } from "./fault.ts";

/** One row of an error table: what it means, for a machine and for the caller. */
export interface ErrorEntry {
  readonly status: number;
  readonly retryable: boolean;
  /** Shown to the caller: what happened and what to do. Never an internal detail. */
  readonly message: string;
}

/** RFC 9457 problem details, `application/problem+json`. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly retryable: boolean;
  readonly faults?: readonly Fault[];
}
