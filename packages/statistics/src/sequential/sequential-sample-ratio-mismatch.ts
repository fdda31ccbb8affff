import { assertSameLength, at, totalOf, type Counts, type Numbers } from "../checks.ts";
import { StatisticsError } from "../errors.ts";
import { logGamma } from "../special/log-gamma.ts";
import type { StatisticalTest } from "../statistical-test.ts";
import { verdictOf, type SampleRatioResult } from "./sample-ratio-mismatch.ts";

/**
 * `sampleRatioMismatch` at any number of looks: the Bayes factor of a Dirichlet-multinomial mixture against
 * the wanted shares is a martingale if they hold, so it exceeds 1/alpha at any time with probability alpha at
 * most. p = 1 / its largest value so far: hand over the last look's p-value as `previous`. `concentration`
 * (default 10,000) says how near the wanted shares a mismatch is looked for. Source: Lindon and Malek,
 * NeurIPS 2022.
 */
export function sequentialSampleRatioMismatch(
  counts: Counts,
  shares: Numbers,
  {
    alpha = 0.001,
    concentration = 10_000,
    previous = 1,
  }: { readonly alpha?: number; readonly concentration?: number; readonly previous?: number } = {},
): SampleRatioResult & { readonly logBayesFactor: number } {
  assertSameLength(counts, shares, "counts and shares");
  const weight = totalOf(shares, "shares");
  let trials = 0;
  let logBayesFactor = logGamma(concentration);
  for (let arm = 0; arm < counts.length; arm += 1) {
    const share = at(shares, arm) / weight;
    const count = at(counts, arm);
    if (!(share > 0))
      throw new StatisticsError("OUT_OF_RANGE", `shares[${arm}] is ${share}, must be positive`);
    if (!(count >= 0)) throw new StatisticsError("NOT_COUNTS", `counts[${arm}] is ${count}`);
    const prior = concentration * share;
    trials += count;
    logBayesFactor += logGamma(prior + count) - logGamma(prior) - count * Math.log(share);
  }
  logBayesFactor -= logGamma(concentration + trials);
  const pValue = Math.min(previous, Math.exp(-logBayesFactor));
  return { pValue, verdict: verdictOf(pValue, alpha), logBayesFactor };
}

export const sequentialSampleRatioMismatchTest: StatisticalTest = {
  name: "sequential-sample-ratio-mismatch",
  title: "Sequential sample-ratio mismatch",
  family: "assignment",
  takes: ["counts"],
  values: ["categorical"],
  larger: "less evidence of a change",
  formula: "min over looks of 1 / Bayes factor of a Dirichlet mixture against the wanted shares",
  unit: "always-valid p-value",
  range: [0, 1],
  minimumValues: 1,
  validity: "independent assignment; exact at every look",
  source: "Lindon and Malek (2022)",
};
