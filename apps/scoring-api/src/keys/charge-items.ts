import { ApiError } from "../errors.ts";
import type { TokenBucket } from "./token-bucket.ts";

/**
 * Takes items from a key's rate; a charge of nothing still asks for one token.
 * @throws ApiError `RATE_LIMITED`
 */
export function chargeItems(bucket: TokenBucket | null, items: number): void {
  if (bucket === null) return;
  const waitMs = items === 0 ? bucket.waitMs(1) : bucket.take(items);
  if (waitMs > 0) throw rateLimited(bucket, waitMs);
}

export interface PacedCharge {
  /** Longest wait. */
  readonly waitMs: number;
  /** Asked at every look, no more than {@link lookMs} apart: who is gone is not waited for. */
  readonly isGone: () => boolean;
  readonly lookMs: number;
}

/**
 * The same for who can wait: takes them as soon as the rate allows.
 * @throws ApiError `RATE_LIMITED` after the wait
 */
export async function chargeItemsInTurn(
  bucket: TokenBucket | null,
  items: number,
  pace: PacedCharge,
): Promise<void> {
  if (bucket === null) return;
  let leftMs = pace.waitMs;
  for (let waitMs = bucket.take(items); waitMs > 0 && !pace.isGone(); waitMs = bucket.take(items)) {
    if (leftMs <= 0) throw rateLimited(bucket, waitMs);
    const pauseMs = Math.min(waitMs, leftMs, pace.lookMs);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    leftMs -= pauseMs;
  }
}

function rateLimited(bucket: TokenBucket, waitMs: number): ApiError {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  const windowSeconds = Math.max(1, Math.ceil(bucket.burst / bucket.ratePerSecond));
  return new ApiError("RATE_LIMITED", {
    detail: `It allows ${bucket.ratePerSecond} a second and ${bucket.burst} at once.`,
    headers: {
      "Retry-After": String(seconds),
      RateLimit: `"key";r=${bucket.remaining()};t=${seconds}`,
      "RateLimit-Policy": `"key";q=${bucket.burst};w=${windowSeconds}`,
    },
  });
}
