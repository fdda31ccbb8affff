/** Time, passed in. Tests hold it still; production reads the machine's. */
export interface Clock {
  /** Wall clock, milliseconds since the Unix epoch. */
  nowMs(): number;
  /** Monotonic time in microseconds, for durations only. */
  monotonicMicros(): number;
}

export function systemClock(): Clock {
  return {
    nowMs: () => Date.now(),
    monotonicMicros: () => performance.now() * 1000,
  };
}
