import { expect, test } from "vitest";
import { chargeItemsInTurn } from "../../src/keys/charge-items.ts";
import { createTokenBucket } from "../../src/keys/token-bucket.ts";
import { testClock } from "../support/test-clock.ts";

test("who waits too long for a key's rate is refused; who is gone is not waited for", async () => {
  const clock = testClock();
  const bucket = createTokenBucket({ ratePerSecond: 1, burst: 2, clock });
  const patient = { waitMs: 20, lookMs: 5, isGone: () => false };
  await chargeItemsInTurn(bucket, 2, patient);
  await expect(chargeItemsInTurn(bucket, 1, patient)).rejects.toMatchObject({ code: "RATE_LIMITED" });
  let looks = 0;
  const left = { waitMs: 1_000_000, lookMs: 1, isGone: () => (looks += 1) > 3 };
  await chargeItemsInTurn(bucket, 1, left);
  expect(bucket.remaining()).toBe(0);
});
