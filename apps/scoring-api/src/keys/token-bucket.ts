import type { Clock } from "@tollgate/runtime";

/** A rate limit: tokens flow in evenly, each unit of work takes one. In this process only. */
export interface TokenBucket {
  /** Takes the tokens and returns 0, or takes none and returns how long to wait, in milliseconds. */
  take(cost: number): number;
  /** The same without taking. */
  waitMs(cost: number): number;
  remaining(): number;
  readonly burst: number;
  readonly ratePerSecond: number;
}

/** A cost above the burst passes a full bucket and leaves a debt: the average rate still holds. */
export function createTokenBucket(options: {
  readonly ratePerSecond: number;
  readonly burst: number;
  readonly clock: Clock;
}): TokenBucket {
  const { ratePerSecond, burst, clock } = options;
  let tokens = burst;
  let atMicros = clock.monotonicMicros();
  const refill = (): void => {
    const nowMicros = clock.monotonicMicros();
    tokens = Math.min(burst, tokens + ((nowMicros - atMicros) / 1_000_000) * ratePerSecond);
    atMicros = nowMicros;
  };
  const waitMs = (cost: number): number => {
    refill();
    const missing = Math.min(cost, burst) - tokens;
    return missing <= 0 ? 0 : (missing / ratePerSecond) * 1000;
  };
  return {
    take(cost) {
      const wait = waitMs(cost);
      if (wait === 0) tokens -= cost;
      return wait;
    },
    waitMs,
    remaining() {
      refill();
      return Math.max(0, Math.floor(tokens));
    },
    burst,
    ratePerSecond,
  };
}
