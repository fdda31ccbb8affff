import type { Clock } from "./clock.ts";

/** The moment by which an answer must be out, on the monotonic clock. */
export interface Deadline {
  remainingMs(): number;
  expired(): boolean;
}

export function deadlineIn(clock: Clock, budgetMs: number): Deadline {
  const endMicros = clock.monotonicMicros() + budgetMs * 1000;
  return {
    remainingMs: () => (endMicros - clock.monotonicMicros()) / 1000,
    expired: () => clock.monotonicMicros() >= endMicros,
  };
}
