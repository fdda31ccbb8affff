import { assertBetween, assertWhole, at, totalOf, type Counts } from "../checks.ts";
import type { DriftMeasureName } from "../drift/drift-measure.ts";
import { driftMeasures } from "../drift/drift-measures.ts";
import { populationStabilityShrinkage } from "../drift/population-stability-index.ts";
import { StatisticsError } from "../errors.ts";
import { statisticsLimits } from "../limits.ts";
import { chiSquareCritical, chiSquareSurvival } from "../special/chi-square.ts";
import { logGamma } from "../special/log-gamma.ts";
import type { NullDistribution } from "./null-law.ts";
import { fromScaleFree, samplingVariance, toScaleFree } from "./scale-free.ts";

/** Measures that are, close to equality, a multiple of chi-square: its second-order term (Csiszár). */
const multiples: Partial<Readonly<Record<DriftMeasureName, number>>> = {
  "population-stability-index": 1,
  "jensen-shannon": 1 / (8 * Math.LN2),
  hellinger: 1 / 8,
  "chi-square": 1,
};

/**
 * The null of a φ-divergence on bins: c (1/n + 1/m) χ² with B − 1 degrees of freedom, B the bins that occur
 * in the reference, or the root of it. Undefined for measures without such a law, and where an expected count
 * of window or reference is below 5 (chi-square) or 100 (the others). The reference counts as a sample of its
 * own size, not as the truth. Source: Csiszár and Shields (2004), theorem 4.1; Yurdakul and Naranjo (2020).
 */
export function analyticNull(
  measure: DriftMeasureName,
  { reference, windowSize }: { readonly reference: Counts; readonly windowSize: number },
): NullDistribution | undefined {
  assertWhole(windowSize, 1, "windowSize");
  const referenceSize = totalOf(reference, "reference");
  const multiple = multiples[measure];
  const { bins, smallest } = occupied(reference);
  const smallestExpected = smallest * Math.min(1, windowSize / referenceSize);
  const needed =
    measure === "chi-square" ? statisticsLimits.expectedCount : statisticsLimits.divergenceExpectedCount;
  if (multiple === undefined || smallestExpected < needed) return undefined;
  if (bins < 2) throw new StatisticsError("TOO_FEW_VALUES", "the reference fills one bin only");
  const exponent = driftMeasures[measure].nullExponent;
  const shrinkage =
    measure === "population-stability-index"
      ? populationStabilityShrinkage(referenceSize, windowSize, bins)
      : 1;
  const factor = multiple * shrinkage;
  const variance = samplingVariance(referenceSize, windowSize);
  const degrees = bins - 1;
  const meanValue = exponent === 0.5 ? meanOfRoot(degrees) ** 2 : degrees;
  return {
    method: "analytic",
    mean: fromScaleFree(meanValue * factor, exponent, variance),
    pValue: (statistic) => chiSquareSurvival(toScaleFree(statistic, exponent, variance) / factor, degrees),
    critical(survival) {
      assertBetween(survival, 0, 1, "survival");
      return fromScaleFree(chiSquareCritical(survival, degrees) * factor, exponent, variance);
    },
  };
}

function occupied(reference: Counts): { readonly bins: number; readonly smallest: number } {
  let bins = 0;
  let smallest = Infinity;
  for (let bin = 0; bin < reference.length; bin += 1) {
    const count = at(reference, bin);
    if (count === 0) continue;
    bins += 1;
    smallest = Math.min(smallest, count);
  }
  return { bins, smallest };
}

/** The mean of the chi distribution. */
function meanOfRoot(degrees: number): number {
  return Math.SQRT2 * Math.exp(logGamma((degrees + 1) / 2) - logGamma(degrees / 2));
}
