import { within } from "@tollgate/runtime";

/** True when the promise has fulfilled in time; false when it is late or has rejected. Never cancels it. */
export function settlesWithin(promise: Promise<unknown>, limitMs: number): Promise<boolean> {
  return within(promise, limitMs, "settling").then(
    () => true,
    () => false,
  );
}
