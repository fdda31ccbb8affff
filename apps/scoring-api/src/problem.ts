import type { Fault, Problem } from "@tollgate/contracts";
import { ScoringError } from "@tollgate/scoring";
import { ApiError, apiErrors, type ApiErrorCode, type ApiErrorDetails } from "./errors.ts";
import { apiLimits } from "./limits.ts";

/** An error of the table as RFC 9457 problem details. */
export function problemOf(code: ApiErrorCode, details: ApiErrorDetails = {}): Problem {
  const { status, retryable, message } = apiErrors[code];
  const { detail, faults = [] } = details;
  const hidden = faults.length - apiLimits.faults;
  const more = hidden > 0 ? ` ${hidden} more faults are not listed.` : "";
  return {
    type: `urn:tollgate:error:${code}`,
    title: titleOf(code),
    status,
    code,
    detail: `${message}${detail === undefined ? "" : ` ${detail}`}${more}`,
    retryable,
    ...(faults.length > 0 ? { faults: faults.slice(0, apiLimits.faults) } : {}),
  };
}

/** What ends a request, as a row of the table; an error nobody named is INTERNAL. */
export function apiErrorOf(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof ScoringError) return new ApiError(error.code);
  return new ApiError("INTERNAL");
}

/** Faults of one item of a list, with the item's place put before their paths. */
export function faultsAt(prefix: string, faults: readonly Fault[]): readonly Fault[] {
  return faults.map(({ path, message }) => ({ path: `${prefix}${path}`, message }));
}

/** `BODY_TOO_LARGE` → `Body too large`. */
function titleOf(code: string): string {
  const words = code.toLowerCase().replaceAll("_", " ");
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`.replace("json", "JSON").replace("utf8", "UTF-8");
}
