import type { Clock } from "@tollgate/runtime";

/** A clock that stands still until it is told to move. */
export interface TestClock extends Clock {
  /** Moves wall clock and monotonic time forward together. */
  advanceMs(durationMs: number): void;
  /** Sets the wall clock alone, as a correction by the network would. */
  setNowMs(nowMs: number): void;
}

/** A clock that starts at 2026-01-01T00:00:00Z, or at the given moment. */
export function testClock(startMs: number = Date.UTC(2026, 0, 1)): TestClock {
  let wallMs = startMs;
  let monotonicMs = 0;
  return {
    nowMs: () => wallMs,
    monotonicMicros: () => monotonicMs * 1000,
    advanceMs(durationMs) {
      if (durationMs < 0) throw new RangeError(`time does not run backwards: ${durationMs} ms`);
      wallMs += durationMs;
      monotonicMs += durationMs;
    },
    setNowMs(nowMs) {
      wallMs = nowMs;
    },
  };
}
