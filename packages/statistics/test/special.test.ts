import { expect, test } from "vitest";
import {
  chiSquareCritical,
  chiSquareSurvival,
  kolmogorovCritical,
  kolmogorovSurvival,
  normalCumulative,
  normalQuantile,
  normalSurvival,
} from "../src/index.ts";
import { lowerGamma, upperGamma } from "../src/special/incomplete-gamma.ts";
import { logBeta, logGamma } from "../src/special/log-gamma.ts";
import { expectClose, readFixture } from "./support/fixture.ts";

type Rows = readonly (readonly [number, number, number])[];
type Pairs = readonly (readonly [number, number])[];

const fixture = readFixture("distributions") as {
  readonly chiSquareSurvival: Rows;
  readonly chiSquareCritical: Rows;
  readonly normalSurvival: Pairs;
  readonly normalQuantile: Pairs;
  readonly kolmogorovSurvival: Pairs;
  readonly kolmogorovCritical: Pairs;
  readonly logGamma: Pairs;
  readonly logBeta: Rows;
};

/** The last column holds SciPy's figure. */
function expectRows(
  rows: readonly (readonly number[])[],
  compute: (first: number, second: number) => number,
  floor?: number,
): void {
  const actual = rows.map(([first = 0, second = 0]) => compute(first, second));
  const expected = rows.map((row) => row.at(-1) ?? Number.NaN);
  expectClose(actual, expected, { tolerance: 1e-12, ...(floor === undefined ? {} : { floor }) });
}

test("the chi-square distribution equals SciPy's to 1e-12, into the tail", () => {
  expectRows(fixture.chiSquareSurvival, chiSquareSurvival);
  expectRows(fixture.chiSquareCritical, chiSquareCritical);
});

test("the normal distribution equals SciPy's to 1e-12, into the tail", () => {
  expectRows(fixture.normalSurvival, normalSurvival);
  expectRows(fixture.normalQuantile, normalQuantile, 1);
});

test("Kolmogorov's distribution equals SciPy's to 1e-12", () => {
  expectRows(fixture.kolmogorovSurvival, kolmogorovSurvival);
  expectRows(fixture.kolmogorovCritical, kolmogorovCritical);
});

test("the logarithms of gamma and beta equal SciPy's to 1e-12", () => {
  expectRows(fixture.logGamma, logGamma, 1);
  expectRows(fixture.logBeta, logBeta, 1);
});

test("the two halves of a distribution add up to one", () => {
  for (const x of [0, 0.1, 1, 9, 40, Infinity]) {
    expect(upperGamma(5, x) + lowerGamma(5, x)).toBeCloseTo(1, 14);
    expect(normalSurvival(x) + normalCumulative(x)).toBeCloseTo(1, 14);
  }
  expect(kolmogorovSurvival(0)).toBe(1);
});

test("a probability outside (0, 1) is refused", () => {
  for (const probability of [0, 1, -0.1, Number.NaN]) {
    expect(() => normalQuantile(probability)).toThrow("OUT_OF_RANGE");
    expect(() => chiSquareCritical(probability, 3)).toThrow("OUT_OF_RANGE");
    expect(() => kolmogorovCritical(probability)).toThrow("OUT_OF_RANGE");
  }
});
