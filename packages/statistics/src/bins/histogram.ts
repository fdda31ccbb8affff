import { at, type Counts } from "../checks.ts";
import type { BinPositions } from "../drift/drift-measure.ts";
import { StatisticsError } from "../errors.ts";
import type { CategoryBins } from "./category-bins.ts";
import { numericBinOf, type NumericBins } from "./quantile-bins.ts";

/**
 * Places of a histogram's counters in one array, so that histograms merge by adding their arrays. Numeric:
 * below, the bins in order, above, missing. Categorical: the categories, unseen, missing. Undefined: not of
 * this kind.
 */
export interface HistogramLayout {
  readonly slots: number;
  readonly firstBin: number;
  readonly bins: number;
  /** Smaller and larger than anything in the reference. */
  readonly below: number | undefined;
  readonly above: number | undefined;
  /** Categories that the reference did not have. */
  readonly unseen: number | undefined;
  /** Null, undefined and NaN. */
  readonly missing: number;
}

/** A compiled set of bins: finds a value's counter without allocating. */
export interface Histogram<Value> {
  readonly layout: HistogramLayout;
  /** The counter of a value: `counters[slotOf(value)] += 1`. */
  slotOf(value: Value | null | undefined): number;
}

/** What the counters say; shares are of all values, and NaN for an empty window. */
export interface HistogramReading {
  readonly total: number;
  /** All counters: mass that moves to missing, below, above or unseen is drift too. */
  readonly distribution: Float64Array;
  /**
   * Without missing; of a numeric value in ascending order, as Kolmogorov-Smirnov and Wasserstein need it.
   */
  readonly present: Float64Array;
  readonly missingShare: number;
  readonly outOfRangeShare: number;
  readonly unseenShare: number;
}

/** Counters of a numeric value. Infinity is out of range, NaN is missing. */
export function numericHistogram({ edges, lowest, highest }: NumericBins): Histogram<number> {
  const bins = edges.length + 1;
  const above = bins + 1;
  const missing = bins + 2;
  const cuts = Float64Array.from(edges);
  return {
    layout: { slots: bins + 3, firstBin: 1, bins, below: 0, above, unseen: undefined, missing },
    slotOf(value) {
      if (value === null || value === undefined || Number.isNaN(value)) return missing;
      if (value < lowest) return 0;
      return value > highest ? above : numericBinOf(cuts, value) + 1;
    },
  };
}

/** Counters of a categorical value. */
export function categoryHistogram({ categories }: CategoryBins): Histogram<string> {
  const bins = categories.length;
  const missing = bins + 1;
  const places = new Map(categories.map((category, place) => [category, place]));
  return {
    layout: { slots: bins + 2, firstBin: 0, bins, below: undefined, above: undefined, unseen: bins, missing },
    slotOf: (value) => (value === null || value === undefined ? missing : (places.get(value) ?? bins)),
  };
}

/** Where the bins of `present` lie: what is below and above the range is held to be at its ends. */
export function positionsOf({ lowest, centres, highest, scale }: NumericBins): BinPositions {
  return { centres: [lowest, ...centres, highest], scale };
}

/** Counts values into new counters. */
export function countValues<Value>(
  histogram: Histogram<Value>,
  values: Iterable<Value | null | undefined>,
): Float64Array {
  const counters = new Float64Array(histogram.layout.slots);
  for (const value of values) {
    const slot = histogram.slotOf(value);
    counters[slot] = at(counters, slot) + 1;
  }
  return counters;
}

/** Adds counters to others: over tiles of time, over replicas, in any order. */
export function addCounts(target: Float64Array | Uint32Array, source: Counts): void {
  if (target.length !== source.length) {
    throw new StatisticsError("BINS_DIFFER", `${source.length} counters added to ${target.length}`);
  }
  for (let slot = 0; slot < target.length; slot += 1) target[slot] = at(target, slot) + at(source, slot);
}

/** Reads counters of a layout. */
export function readHistogram(layout: HistogramLayout, counters: Counts): HistogramReading {
  if (counters.length !== layout.slots) {
    throw new StatisticsError("BINS_DIFFER", `${counters.length} counters for a layout of ${layout.slots}`);
  }
  const distribution = Float64Array.from(counters);
  const total = distribution.reduce((sum, count) => sum + count, 0);
  const share = (...slots: readonly (number | undefined)[]): number =>
    slots.reduce<number>((sum, slot) => sum + (slot === undefined ? 0 : at(counters, slot)), 0) / total;
  return {
    total,
    distribution,
    present: distribution.slice(0, layout.missing),
    missingShare: share(layout.missing),
    outOfRangeShare: share(layout.below, layout.above),
    unseenShare: share(layout.unseen),
  };
}
