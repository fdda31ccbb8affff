import type { Clock } from "@tollgate/runtime";

/** A clock whose monotonic time stands still until it is moved; the wall clock is the machine's. */
export interface TestClock extends Clock {
  advanceMs(milliseconds: number): void;
}

export function testClock(): TestClock {
  let micros = 0;
  return {
    nowMs: () => Date.now(),
    monotonicMicros: () => micros,
    advanceMs(milliseconds) {
      micros += milliseconds * 1000;
    },
  };
}
