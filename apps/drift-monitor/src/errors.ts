import type { ErrorEntry, Fault, Problem } from "@tollgate/contracts";

export type DriftApiErrorCode =
  | "UNAUTHENTICATED"
  | "INVALID_QUERY"
  | "VERDICT_NOT_FOUND"
  | "NOT_FOUND"
  | "METHOD_NOT_ALLOWED"
  | "STORE_UNAVAILABLE";

/** What the monitor's API answers when it has no verdicts to give, and what to do about it. */
export const driftApiErrors: Readonly<Record<DriftApiErrorCode, ErrorEntry>> = {
  UNAUTHENTICATED: {
    status: 401,
    retryable: false,
    message: "Send the monitor's key as Authorization: Bearer <key>.",
  },
  INVALID_QUERY: {
    status: 400,
    retryable: false,
    message: "A filter cannot be used; each fault names its parameter.",
  },
  VERDICT_NOT_FOUND: {
    status: 404,
    retryable: false,
    message: "No such verdict: ask GET /v1/drift for the ids there are.",
  },
  NOT_FOUND: { status: 404, retryable: false, message: "There is nothing here: see docs/drift-monitor.md." },
  METHOD_NOT_ALLOWED: { status: 405, retryable: false, message: "Verdicts are only read: send GET." },
  STORE_UNAVAILABLE: {
    status: 503,
    retryable: true,
    message: "The monitor's database does not answer. Ask again; nothing is lost meanwhile.",
  },
};

/** A refusal that a caller is to see. */
export class DriftApiError extends Error {
  readonly code: DriftApiErrorCode;
  readonly faults: readonly Fault[];
  constructor(code: DriftApiErrorCode, faults: readonly Fault[] = [], cause?: unknown) {
    super(driftApiErrors[code].message, { cause });
    this.name = "DriftApiError";
    this.code = code;
    this.faults = faults;
  }
}

/** RFC 9457. */
export function problemOf({ code, faults }: DriftApiError): Problem {
  const { status, retryable, message } = driftApiErrors[code];
  return {
    type: `urn:tollgate:error:${code}`,
    title: code,
    status,
    code,
    detail: message,
    retryable,
    ...(faults.length > 0 ? { faults } : {}),
  };
}
