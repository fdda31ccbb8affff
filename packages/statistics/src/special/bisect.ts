import { StatisticsError } from "../errors.ts";
import { statisticsLimits } from "../limits.ts";

/**
 * Where a function that falls (or stays) from `low` to `high` crosses zero, to the last bit of a double or to
 * `tolerance`. The caller brackets it: f(low) ≥ 0 ≥ f(high).
 */
export function bisectFalling(
  f: (x: number) => number,
  low: number,
  high: number,
  { tolerance = 0 }: { readonly tolerance?: number } = {},
): number {
  let left = low;
  let right = high;
  for (let step = 0; step < statisticsLimits.bisectionSteps; step += 1) {
    const middle = left + (right - left) / 2;
    if (middle <= left || middle >= right || right - left < tolerance) return middle;
    if (f(middle) > 0) left = middle;
    else right = middle;
  }
  throw new StatisticsError("NO_CONVERGENCE", `no zero found between ${low} and ${high}`);
}

/** The first of `start`, 2·start, 4·start, … at which the falling function is no longer positive. */
export function upperBracket(f: (x: number) => number, start: number): number {
  for (let high = start; high < Number.MAX_VALUE; high *= 2) if (!(f(high) > 0)) return high;
  throw new StatisticsError("NO_CONVERGENCE", "the function stays positive");
}
