import { normalQuantile } from "@tollgate/statistics";
import { expect, test } from "vitest";
import { normalDeviate } from "../src/normal-deviate.ts";
import { noSpread, predictivePValue, studentSurvival, widenedTable, widenSpread } from "../src/spread.ts";
import type { Spread } from "../src/index.ts";

test("Student's tail is that of SciPy's t.sf, however far out", () => {
  for (const [t, degrees, expected] of [
    [1, 1, 0.25],
    [2, 8, 0.04025811897863],
    [5, 8, 0.00052641289668],
    [20, 8, 2.036959164337e-8],
    [3, 2, 0.047732983133354],
  ] as const) {
    expect(studentSurvival(t, degrees) / expected).toBeCloseTo(1, 9);
  }
  expect(studentSurvival(-1, 1)).toBeCloseTo(0.75, 12);
  expect(studentSurvival(1e6, 12)).toBeGreaterThan(0);
});

test("the fast deviate agrees with the exact one", () => {
  for (const p of [0.999, 0.5, 0.3, 0.02425, 0.001, 1e-8, 1e-100, 1e-299]) {
    expect(normalDeviate(p)).toBeCloseTo(-normalQuantile(p), 6);
  }
});

test("a spread forgets the oldest windows, and one burst does not make everything likely", () => {
  let spread: Spread = noSpread;
  for (let window = 0; window < 200; window += 1) spread = widenSpread(spread, window % 2 === 0 ? 1 : -1, 56);
  expect(spread[0]).toBe(56);
  const before = predictivePValue(8, { spread, sides: 2 });
  const after = predictivePValue(8, { spread: widenSpread(spread, 1e6, 56), sides: 2 });
  expect(before).toBeLessThan(1e-4);
  expect(after).toBeLessThan(1e-3);
});

test("few windows borrow from shorter ones and are never surer than chance allows", () => {
  const calm: Spread = [4, 0, 0.01];
  const wild: Spread = [100, 0, 99 * 25];
  expect(predictivePValue(4, { spread: calm, sides: 1 })).toBeGreaterThan(0.00003);
  const borrowed = predictivePValue(10, { spread: calm, sides: 1, shorter: wild });
  expect(borrowed).toBeGreaterThan(predictivePValue(10, { spread: calm, sides: 1 }));
});

test("a reference is less sure of later windows than of its own, and rare values are less sure still", () => {
  const spread: Spread = [27, 0, 26 * 4];
  const later = widenedTable({ "amount/location": spread })["amount/location"] ?? noSpread;
  const own = predictivePValue(8, { spread, sides: 2 });
  expect(predictivePValue(8, { spread: later, sides: 2 })).toBeGreaterThan(5 * own);
  expect(predictivePValue(8, { spread, sides: 2 }, 4)).toBeGreaterThan(own);
});
