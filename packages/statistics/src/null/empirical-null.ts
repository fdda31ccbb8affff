import { assertBetween, at, sortedSample, type Numbers } from "../checks.ts";
import type { NullDistribution } from "./null-law.ts";

/**
 * The null from the figures of past healthy windows (of the same hour of the week, say): rhythms that the
 * reference as a whole does not have are in it. p = (1 + how many reached it) / (1 + how many there are),
 * never 0: N windows cannot give a p-value below 1 / (N + 1). Source: Davison and Hinkley (1997), 4.2.
 */
export function empiricalNull(pastFigures: Numbers): NullDistribution {
  const sorted = sortedSample(pastFigures, "pastFigures");
  const size = sorted.length;
  return {
    method: "empirical",
    mean: sorted.reduce((sum, figure) => sum + figure, 0) / size,
    pValue: (statistic) => (1 + size - firstAtLeast(sorted, statistic)) / (1 + size),
    critical(survival) {
      assertBetween(survival, 0, 1, "survival");
      // A hair more, so that 0.1 of 30 is 3 in spite of rounding.
      const reaching = Math.floor(survival * (size + 1) + 1e-9) - 1;
      return reaching < 1 ? Infinity : at(sorted, size - reaching);
    },
  };
}

function firstAtLeast(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (at(sorted, middle) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
