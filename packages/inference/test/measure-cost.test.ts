import { expect, test } from "vitest";
import { lineThrough } from "../src/measure-cost.ts";

test("the cost of a batch is a fixed part and one for each row", () => {
  const measurements = [1, 16, 64, 256].map((rows) => ({ rows, micros: 20 + 3 * rows }));
  const cost = lineThrough(measurements);
  expect(cost.fixedMicros).toBeCloseTo(20, 6);
  expect(cost.perRowMicros).toBeCloseTo(3, 6);
});

test("a cost is never negative, even when a larger batch was faster or the clock stands still", () => {
  expect(
    lineThrough([
      { rows: 1, micros: 50 },
      { rows: 64, micros: 40 },
    ]),
  ).toMatchObject({ perRowMicros: 0 });
  expect(
    lineThrough([
      { rows: 1, micros: 0 },
      { rows: 64, micros: 0 },
    ]),
  ).toEqual({
    fixedMicros: 0,
    perRowMicros: 0,
  });
});
