import { at, totalsOf, type Counts } from "../checks.ts";
import type { DriftMeasure } from "./drift-measure.ts";

/** Half an observation for each bin (Jeffreys' prior), so that an empty bin gives a finite figure. */
const halfCount = 0.5;

/**
 * Population stability index: Σ (q − p) ln(q / p), with p the reference's and q the window's share of a bin;
 * Jeffreys' divergence, in nats, from 0 to infinity.
 *
 * Against empty bins both sides get `pseudoCount` (default ½) observations for each occupied bin, spread by
 * the pooled shares: where the two agree this changes nothing, and a bin that is rare in both adds next to
 * nothing. 0 gives the bare formula, infinite where a bin is empty on one side only. Without drift its mean
 * is about (B − 1)(1/n + 1/m): a fixed threshold such as 0.1 is right for one window's size only
 * (`nullDistribution`).
 * Source: Siddiqi, Credit Risk Scorecards (2006); Yurdakul and Naranjo (2020) for the null.
 */
export function populationStabilityIndex(
  reference: Counts,
  current: Counts,
  { pseudoCount = halfCount }: { readonly pseudoCount?: number } = {},
): number {
  const totals = totalsOf(reference, current);
  const added = pseudoCount * occupiedBins(reference, current);
  const all = totals.reference + totals.current;
  let sum = 0;
  for (let bin = 0; bin < reference.length; bin += 1) {
    const more = (added * (at(reference, bin) + at(current, bin))) / all;
    const p = (at(reference, bin) + more) / (totals.reference + added);
    const q = (at(current, bin) + more) / (totals.current + added);
    if (p !== q) sum += (q - p) * Math.log(q / p);
  }
  return sum;
}

/** By how much the pseudo-counts shrink the index where the two histograms are close. */
export function populationStabilityShrinkage(
  referenceSize: number,
  windowSize: number,
  bins: number,
): number {
  const added = halfCount * bins;
  const pull = 1 / (windowSize + added) + 1 / (referenceSize + added);
  return (pull / (1 / windowSize + 1 / referenceSize)) ** 2;
}

function occupiedBins(reference: Counts, current: Counts): number {
  let occupied = 0;
  for (let bin = 0; bin < reference.length; bin += 1) {
    if (at(reference, bin) + at(current, bin) > 0) occupied += 1;
  }
  return occupied;
}

export const populationStabilityIndexMeasure: DriftMeasure = {
  name: "population-stability-index",
  title: "Population stability index (PSI)",
  family: "drift",
  takes: ["counts"],
  values: ["numeric", "categorical"],
  larger: "more drift",
  formula: "Σ (q − p) ln(q / p)",
  unit: "nats",
  range: [0, Infinity],
  minimumValues: 100,
  validity: "bins cut at the reference's quantiles; a threshold belongs to one window size",
  source: "Siddiqi (2006); null: Yurdakul and Naranjo (2020)",
  nullExponent: 1,
  ofCounts: (reference, current) => populationStabilityIndex(reference, current),
};
