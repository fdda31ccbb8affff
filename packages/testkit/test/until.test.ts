import { expect, test } from "vitest";

import { printSeed, seededRandom } from "../src/seeded-random.ts";
import { testClock } from "../src/test-clock.ts";
import { until } from "../src/until.ts";

test("until gives what the condition gives once it holds", async () => {
  const answers = [undefined, false, "ready"] as const;
  let asked = 0;
  const answer = await until(() => answers[asked++], { describe: "the third answer", intervalMs: 1 });
  expect(answer).toBe("ready");
});

test("until says what it waited for and what it saw last", async () => {
  const condition = (): never => {
    throw new Error("no rows yet");
  };
  const waiting = until(condition, { describe: "a row", deadlineMs: 5, intervalMs: 1 });
  await expect(waiting).rejects.toThrow("waited 5 ms in vain for a row; last answer: Error: no rows yet");
});

test("a test clock moves only when it is told to", () => {
  const clock = testClock();
  const startMs = clock.nowMs();
  expect(clock.monotonicMicros()).toBe(0);
  clock.advanceMs(1_500);
  expect(clock.nowMs() - startMs).toBe(1_500);
  expect(clock.monotonicMicros()).toBe(1_500_000);
  clock.setNowMs(0);
  expect(clock.monotonicMicros()).toBe(1_500_000);
});

test("the same seed draws the same numbers, evenly", () => {
  const random = seededRandom();
  printSeed(random);
  const draw = (seed: number): readonly number[] => {
    const again = seededRandom(seed);
    return Array.from({ length: 10_000 }, () => again.next());
  };
  const numbers = draw(random.seed);
  expect(numbers).toEqual(draw(random.seed));
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  // Six standard errors of the mean of 10,000 uniform numbers: 6 × 0.2887 / 100.
  expect(Math.abs(mean - 0.5)).toBeLessThan(0.0174);
});
