import type { Counts, Numbers } from "../checks.ts";
import { chiSquareGoodnessOfFit } from "../drift/chi-square-test.ts";
import type { StatisticalTest } from "../statistical-test.ts";

/** GrowthBook's: below it the chi-square law is not to be trusted. */
const smallestExpected = 5;

export interface SampleRatioResult {
  readonly pValue: number;
  /** `inconclusive` below 5 expected in an arm: not a pass. */
  readonly verdict: "match" | "mismatch" | "inconclusive";
}

/**
 * Whether the arms of an experiment were filled in the shares that were asked for: Pearson's goodness of fit
 * at one look. A mismatch means that the assignment, or the counting, is broken: no figure of the experiment
 * can be read. For repeated looks use `sequentialSampleRatioMismatch`. Source: Fabijan et al., KDD 2019.
 */
export function sampleRatioMismatch(
  counts: Counts,
  shares: Numbers,
  { alpha = 0.001 }: { readonly alpha?: number } = {},
): SampleRatioResult {
  const fit = chiSquareGoodnessOfFit(counts, shares);
  const conclusive = fit.smallestExpected >= smallestExpected;
  return { pValue: fit.pValue, verdict: conclusive ? verdictOf(fit.pValue, alpha) : "inconclusive" };
}

/** The verdict of a p-value that is to be trusted. */
export function verdictOf(pValue: number, alpha: number): "match" | "mismatch" {
  return pValue < alpha ? "mismatch" : "match";
}

export const sampleRatioMismatchTest: StatisticalTest = {
  name: "sample-ratio-mismatch",
  title: "Sample-ratio mismatch (SRM)",
  family: "assignment",
  takes: ["counts"],
  values: ["categorical"],
  larger: "less evidence of a change",
  formula: "p-value of Σ (observed − expected)² / expected; mismatch below 0.001",
  unit: "p-value",
  range: [0, 1],
  minimumValues: 10,
  validity: "one look; 5 or more expected in each arm",
  source: "Fabijan et al. (2019)",
};
