import { assertSameLength, at, totalOf, totalsOf, type Counts, type Numbers } from "../checks.ts";
import { chiSquareSurvival } from "../special/chi-square.ts";
import type { DriftMeasure } from "./drift-measure.ts";

export interface ChiSquareResult {
  readonly statistic: number;
  readonly degreesOfFreedom: number;
  /** Of the chi-square law: trust it where `smallestExpected` is 5 or more. */
  readonly pValue: number;
  readonly smallestExpected: number;
}

/**
 * Pearson's test that two histograms come from one distribution: Σ (observed − expected)² / expected over
 * both, expected from the pooled shares; bins empty in both are left out. The same as `chi2_contingency` of
 * SciPy without Yates' correction. Source: Pearson (1900, 1911).
 */
export function chiSquareTest(reference: Counts, current: Counts): ChiSquareResult {
  const totals = totalsOf(reference, current);
  const all = totals.reference + totals.current;
  let statistic = 0;
  let smallestPooled = Infinity;
  let occupied = 0;
  for (let bin = 0; bin < reference.length; bin += 1) {
    const pooled = at(reference, bin) + at(current, bin);
    if (pooled === 0) continue;
    occupied += 1;
    smallestPooled = Math.min(smallestPooled, pooled);
    const difference = at(current, bin) - (pooled * totals.current) / all;
    statistic += (difference * difference) / pooled;
  }
  statistic *= (all / totals.current) * (all / totals.reference);
  const smallestExpected = (smallestPooled * Math.min(totals.reference, totals.current)) / all;
  return result(statistic, occupied - 1, smallestExpected);
}

/**
 * Pearson's test that counts follow given shares (any positive weights): Σ (observed − expected)² / expected.
 * An observation where the share is zero is impossible, and makes the statistic infinite.
 */
export function chiSquareGoodnessOfFit(observed: Counts, shares: Numbers): ChiSquareResult {
  assertSameLength(observed, shares, "counts and shares");
  const total = totalOf(observed, "observed");
  const weight = totalOf(shares, "shares");
  let statistic = 0;
  let smallestExpected = Infinity;
  let possible = 0;
  for (let bin = 0; bin < observed.length; bin += 1) {
    const expected = (total * at(shares, bin)) / weight;
    const difference = at(observed, bin) - expected;
    if (expected === 0 && difference === 0) continue;
    possible += 1;
    statistic += (difference * difference) / expected;
    smallestExpected = Math.min(smallestExpected, expected);
  }
  return result(statistic, possible - 1, smallestExpected);
}

function result(statistic: number, degreesOfFreedom: number, smallestExpected: number): ChiSquareResult {
  const pValue = degreesOfFreedom > 0 ? chiSquareSurvival(statistic, degreesOfFreedom) : 1;
  return { statistic, degreesOfFreedom, pValue, smallestExpected };
}

/**
 * Cramér's V of reference against window: √(χ² / (n + m)), from 0 to 1: the size of a change, where the
 * statistic itself grows with the window. Source: Cramér (1946), for a table of two rows.
 */
export function cramersV(reference: Counts, current: Counts): number {
  const { reference: m, current: n } = totalsOf(reference, current);
  return Math.min(1, Math.sqrt(chiSquareTest(reference, current).statistic / (n + m)));
}

export const chiSquareMeasure: DriftMeasure = {
  name: "chi-square",
  title: "Chi-square test",
  family: "drift",
  takes: ["counts"],
  values: ["numeric", "categorical"],
  larger: "more drift",
  formula: "Σ (observed − expected)² / expected, expected from the pooled shares",
  unit: "none; grows with the window: Cramér's V is its size",
  range: [0, Infinity],
  minimumValues: 100,
  validity: "expected counts of 5 or more in every bin, else use a bootstrapped null",
  source: "Pearson (1900); Cramér (1946)",
  nullExponent: 0,
  ofCounts: (reference, current) => chiSquareTest(reference, current).statistic,
};
