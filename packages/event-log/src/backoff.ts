/** Pauses that double from the first to the last, until reset. */
export interface Backoff {
  nextMs(): number;
  reset(): void;
}

export function createBackoff(firstMs: number, lastMs: number): Backoff {
  let pauseMs = firstMs;
  return {
    nextMs() {
      const now = pauseMs;
      pauseMs = Math.min(pauseMs * 2, lastMs);
      return now;
    },
    reset() {
      pauseMs = firstMs;
    },
  };
}
