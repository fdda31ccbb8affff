import { assertWhole, at, sortedSample, type Numbers } from "../checks.ts";
import { statisticsLimits } from "../limits.ts";

/** Bins of a numeric value, cut from a reference; plain JSON, part of a model's manifest. */
export interface NumericBins {
  readonly kind: "numeric";
  /** Ascending. A bin holds its lower edge and not its upper one; there is one bin more than edges. */
  readonly edges: readonly number[];
  /** The reference's smallest and largest value: what lies beyond is counted apart. */
  readonly lowest: number;
  readonly highest: number;
  /** The reference's mean in each bin. */
  readonly centres: readonly number[];
  /** The reference's (population) standard deviation. */
  readonly scale: number;
}

/**
 * Cuts at the reference's quantiles, so that each bin holds about the same share of it. A value that alone
 * holds more than a bin's share (a default, a zero) gets a bin of its own: what changes first must not drown
 * among its neighbours. There may be fewer bins than asked for, never more than twice as many.
 */
export function quantileBins(
  reference: Numbers,
  { bins = statisticsLimits.bins }: { readonly bins?: number } = {},
): NumericBins {
  assertWhole(bins, 1, "bins");
  const sorted = sortedSample(reference, "reference");
  const edges = new Set<number>();
  for (let cut = 1; cut < bins; cut += 1) {
    edges.add(at(sorted, Math.floor((sorted.length * cut) / bins)));
  }
  for (const edge of edges) {
    const next = valueAfterAtom(sorted, edge, sorted.length / bins);
    if (next !== undefined) edges.add(next);
  }
  edges.delete(at(sorted, 0));
  const ascending = [...edges].toSorted((a, b) => a - b);
  return {
    kind: "numeric",
    edges: ascending,
    lowest: at(sorted, 0),
    highest: at(sorted, sorted.length - 1),
    ...describe(sorted, ascending),
  };
}

/**
 * The bin of a value that is not NaN: 0 to `edges.length`. The search adds instead of
 * branching: a processor cannot guess where a value lies, and this is three times faster.
 */
export function numericBinOf(edges: Numbers, value: number): number {
  let first = 0;
  for (let left = edges.length; left > 1;) {
    const half = left >>> 1;
    first += Number((edges[first + half - 1] ?? Infinity) <= value) * half;
    left -= half;
  }
  return first + Number((edges[first] ?? Infinity) <= value);
}

/** The value that follows an edge of which the reference holds more than `limit`. */
function valueAfterAtom(sorted: Float64Array, edge: number, limit: number): number | undefined {
  const first = sorted.indexOf(edge);
  const last = sorted.lastIndexOf(edge);
  return last - first + 1 > limit && last + 1 < sorted.length ? at(sorted, last + 1) : undefined;
}

function describe(
  sorted: Float64Array,
  ascending: readonly number[],
): Pick<NumericBins, "centres" | "scale"> {
  const edges = Float64Array.from(ascending);
  const sums = new Float64Array(edges.length + 1);
  const counts = new Float64Array(edges.length + 1);
  let mean = 0;
  for (const value of sorted) {
    const bin = numericBinOf(edges, value);
    sums[bin] = at(sums, bin) + value;
    counts[bin] = at(counts, bin) + 1;
    mean += value / sorted.length;
  }
  let squares = 0;
  for (const value of sorted) squares += (value - mean) * (value - mean);
  return {
    centres: Array.from(sums, (sum, bin) => sum / at(counts, bin)),
    scale: Math.sqrt(squares / sorted.length),
  };
}
