import { within } from "@tollgate/runtime";

/**
 * The result of `work`, or null when it fails or is late: the way goes on without. What is late goes on in
 * the background; its outcome no longer matters.
 */
export function inTime<R>(work: Promise<R>, limitMs: number): Promise<R | null> {
  return within(work, limitMs, "a step of the way").catch(() => null);
}
