import { assertSameLength, at, checkedSample, sortedSample, totalsOf } from "../checks.ts";
import type { Counts, Numbers } from "../checks.ts";
import { StatisticsError } from "../errors.ts";
import type { BinPositions, DriftMeasure } from "./drift-measure.ts";

/** A reference that does not vary has no scale; Evidently divides by this much then, and so do we. */
const smallestScale = 0.001;

/**
 * First Wasserstein (earth mover's) distance: ∫ |F − G| dx, in the unit of the values. Source: Vallender
 * (1974).
 */
export function wassersteinDistance(reference: Numbers, current: Numbers): number {
  const a = sortedSample(reference, "reference");
  const b = sortedSample(current, "current");
  let distance = 0;
  let previous = Math.min(at(a, 0), at(b, 0));
  for (let i = 0, j = 0; i < a.length || j < b.length;) {
    const fromA = j >= b.length || (i < a.length && at(a, i) <= at(b, j));
    const value = fromA ? at(a, i) : at(b, j);
    distance += Math.abs(i / a.length - j / b.length) * (value - previous);
    previous = value;
    if (fromA) i += 1;
    else j += 1;
  }
  return distance;
}

/**
 * Wasserstein distance divided by the reference's (population) standard deviation, at least 0.001: how many
 * standard deviations the mass moved on average. Evidently's default for numeric columns, threshold 0.1.
 */
export function normalisedWassersteinDistance(reference: Numbers, current: Numbers): number {
  const scale = Math.max(standardDeviation(checkedSample(reference, "reference")), smallestScale);
  return wassersteinDistance(reference, current) / scale;
}

/**
 * The same from counts, with the mass of each bin at its centre. A move within a bin is not seen, nor how far
 * beyond the outermost bins values lie: an out-of-range counter must watch those.
 */
export function binnedWassersteinDistance(
  reference: Counts,
  current: Counts,
  { centres, scale }: BinPositions,
): number {
  const totals = totalsOf(reference, current);
  assertSameLength(reference, centres, "bins and their centres");
  let before = 0;
  let distance = 0;
  for (let bin = 0; bin + 1 < reference.length; bin += 1) {
    before += at(reference, bin) / totals.reference - at(current, bin) / totals.current;
    const gap = at(centres, bin + 1) - at(centres, bin);
    if (!(gap >= 0)) throw new StatisticsError("OUT_OF_RANGE", `centre ${bin + 1} lies below the one before`);
    distance += Math.abs(before) * gap;
  }
  return distance / Math.max(scale, smallestScale);
}

function standardDeviation(values: Float64Array): number {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) * (value - mean);
  return Math.sqrt(squares / values.length);
}

export const wassersteinMeasure: DriftMeasure = {
  name: "wasserstein",
  title: "Wasserstein distance, normalised",
  family: "drift",
  takes: ["samples", "counts"],
  values: ["numeric"],
  larger: "more drift",
  formula: "∫ |F − G| dx / σ of the reference",
  unit: "standard deviations of the reference",
  range: [0, Infinity],
  minimumValues: 100,
  validity: "numeric values with a finite spread; on heavy tails σ is large and the figure deaf",
  source: "Vallender (1974); normalisation: Evidently",
  nullExponent: 0.5,
  ofCounts(reference, current, positions) {
    if (positions === undefined) throw new StatisticsError("NEEDS_POSITIONS", "wasserstein of counts");
    return binnedWassersteinDistance(reference, current, positions);
  },
  ofSamples: normalisedWassersteinDistance,
};
