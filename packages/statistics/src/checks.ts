import { StatisticsError } from "./errors.ts";

/** Anything indexed by number: plain and typed arrays. */
export type Numbers = ArrayLike<number>;

/** How often each bin occurred: non-negative, usually integers. */
export type Counts = ArrayLike<number>;

/** The values as sorted float64; throws when there are fewer than `minimum` or one is not finite. */
export function sortedSample(values: Numbers, what: string, minimum = 1): Float64Array {
  return checkedSample(values, what, minimum).toSorted();
}

/** A copy as float64; throws when there are fewer than `minimum` or one is not finite. */
export function checkedSample(values: Numbers, what: string, minimum = 1): Float64Array {
  if (values.length < minimum) {
    throw new StatisticsError("TOO_FEW_VALUES", `${what} has ${values.length} values, needs ${minimum}`);
  }
  const copy = Float64Array.from(values);
  for (let index = 0; index < copy.length; index += 1) {
    if (!Number.isFinite(at(copy, index))) {
      throw new StatisticsError("VALUE_NOT_FINITE", `${what}[${index}] is ${copy[index]}`);
    }
  }
  return copy;
}

/** The sum of a histogram; throws when a count is negative or NaN, or all are zero. */
export function totalOf(counts: Counts, what: string): number {
  let total = 0;
  for (let index = 0; index < counts.length; index += 1) {
    const count = at(counts, index);
    if (!(count >= 0 && count < Infinity)) {
      throw new StatisticsError("NOT_COUNTS", `${what}[${index}] is ${count}`);
    }
    total += count;
  }
  if (total === 0) throw new StatisticsError("TOO_FEW_VALUES", `${what} counts nothing`);
  return total;
}

/** The totals of two histograms over the same bins. */
export function totalsOf(
  reference: Counts,
  current: Counts,
): { readonly reference: number; readonly current: number } {
  if (reference.length !== current.length) {
    const detail = `the reference has ${reference.length} bins, the window ${current.length}`;
    throw new StatisticsError("BINS_DIFFER", detail);
  }
  return { reference: totalOf(reference, "reference"), current: totalOf(current, "current") };
}

export function assertSameLength(left: Numbers, right: Numbers, what: string): void {
  if (left.length === right.length) return;
  throw new StatisticsError("LENGTHS_DIFFER", `${what}: ${left.length} and ${right.length}`);
}

/** Throws unless `low` < value < `high`. */
export function assertBetween(value: number, low: number, high: number, what: string): void {
  if (value > low && value < high) return;
  throw new StatisticsError("OUT_OF_RANGE", `${what} is ${value}, must lie between ${low} and ${high}`);
}

/** Throws unless the value is a whole number from `low` on. */
export function assertWhole(value: number, low: number, what: string): void {
  if (Number.isSafeInteger(value) && value >= low) return;
  throw new StatisticsError("OUT_OF_RANGE", `${what} is ${value}, must be a whole number from ${low} on`);
}

/** The element; 0 outside, so that inner loops need no check of their own. */
export function at(values: Numbers, index: number): number {
  return values[index] ?? 0;
}
