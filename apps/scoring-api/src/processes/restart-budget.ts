import type { Clock } from "@tollgate/runtime";

/** How often something that dies may be started again at once. */
export interface RestartBudget {
  /** Takes one restart; gives the milliseconds to wait before it: 0 while few have died lately. */
  take(): number;
}

export function createRestartBudget(options: {
  readonly restarts: number;
  readonly windowMs: number;
  readonly clock: Clock;
}): RestartBudget {
  const { restarts, windowMs, clock } = options;
  /** When the latest restarts are due, oldest first. */
  const due: number[] = [];
  return {
    take() {
      const nowMs = clock.monotonicMicros() / 1000;
      const earliestMs = due.length < restarts ? nowMs : (due[due.length - restarts] ?? nowMs) + windowMs;
      const atMs = Math.max(nowMs, earliestMs);
      due.push(atMs);
      if (due.length > restarts) due.shift();
      return atMs - nowMs;
    },
  };
}
