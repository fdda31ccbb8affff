import { readFileSync } from "node:fs";
import { expect } from "vitest";

/** Figures of SciPy, scikit-learn, NannyML and Evidently; `fixtures/make_fixtures.py` wrote them. */
export function readFixture(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../fixtures/testdata/${name}.json`, import.meta.url), "utf8"));
}

/** The difference relative to the larger of the two, or absolute where both are below 1e-300. */
function relativeDifference(actual: number, expected: number): number {
  if (actual === expected || (Number.isNaN(actual) && Number.isNaN(expected))) return 0;
  return Math.abs(actual - expected) / Math.max(Math.abs(actual), Math.abs(expected), 1e-300);
}

/** All within `tolerance`, relative; figures smaller than `floor` are compared absolutely, as if as large. */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  { tolerance, floor = 0 }: { readonly tolerance: number; readonly floor?: number },
): void {
  expect(actual.length).toBe(expected.length);
  for (let index = 0; index < expected.length; index += 1) {
    const [a, b] = [actual[index] ?? Number.NaN, expected[index] ?? Number.NaN];
    const difference = Math.abs(a - b) <= floor * tolerance ? 0 : relativeDifference(a, b);
    expect(difference, `${index}: ${a} against ${b}`).toBeLessThanOrEqual(tolerance);
  }
}
