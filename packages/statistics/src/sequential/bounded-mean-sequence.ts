import { assertBetween } from "../checks.ts";
import { StatisticsError } from "../errors.ts";
import type { StatisticalTest } from "../statistical-test.ts";
import type { ConfidenceInterval } from "./confidence-interval.ts";

/** Plain JSON; all that must be kept between values. Values are on [0, 1] here. */
export interface BoundedMeanState {
  readonly count: number;
  readonly sum: number;
  /** Σ (x − running mean)². */
  readonly squares: number;
  readonly weights: number;
  readonly weightedSum: number;
  readonly variation: number;
}

export interface BoundedMeanOptions {
  /** Probability that the truth is ever outside, over all looks together. */
  readonly alpha: number;
  /** What the values can be at least and at most. */
  readonly low: number;
  readonly high: number;
}

export const boundedMeanStart: BoundedMeanState = {
  count: 0,
  sum: 0,
  squares: 0,
  weights: 0,
  weightedSum: 0,
  variation: 0,
};

/** A bet is at most this share of the wealth, so that no value can take it all. */
const largestBet = 0.5;

/** Takes in one value; `alpha` must be the same from the first to the last. */
export function boundedMeanStep(
  state: BoundedMeanState,
  value: number,
  { alpha, low, high }: BoundedMeanOptions,
): BoundedMeanState {
  assertBetween(alpha, 0, 1, "alpha");
  if (!(value >= low && value <= high)) {
    throw new StatisticsError("OUT_OF_RANGE", `the value is ${value}, must be ${low} to ${high}`);
  }
  const x = (value - low) / (high - low);
  const count = state.count + 1;
  const meanBefore = (0.5 + state.sum) / count;
  const varianceBefore = (0.25 + state.squares) / count;
  const bet = Math.min(
    largestBet,
    Math.sqrt((2 * Math.log(2 / alpha)) / (varianceBefore * count * Math.log(1 + count))),
  );
  const sum = state.sum + x;
  const mean = (0.5 + sum) / (count + 1);
  return {
    count,
    sum,
    squares: state.squares + (x - mean) * (x - mean),
    weights: state.weights + bet,
    weightedSum: state.weightedSum + bet * x,
    variation: state.variation + (x - meanBefore) * (x - meanBefore) * (-Math.log1p(-bet) - bet),
  };
}

/**
 * Always-valid confidence sequence for the mean of bounded values, by the predictable plug-in empirical
 * Bernstein bound: Σ λ x / Σ λ ± (ln(2/α) + Σ (x − μ̂)² (−ln(1 − λ) − λ)) / Σ λ, with λ and μ̂ set before
 * each value is seen. Valid at all looks at once for any distribution on [low, high]; narrow where the
 * variance is small. The values' mean must be the same throughout; the order matters a little. Before the
 * first value it is [low, high].
 * Source: Waudby-Smith and Ramdas, J. R. Statist. Soc. B 86 (2024), theorem 2.
 */
export function boundedMeanSequence(
  { weights, weightedSum, variation }: BoundedMeanState,
  { alpha, low, high }: BoundedMeanOptions,
): ConfidenceInterval {
  if (weights === 0) return { estimate: Number.NaN, lower: low, upper: high };
  const estimate = weightedSum / weights;
  const margin = (Math.log(2 / alpha) + variation) / weights;
  const scaled = (x: number): number => low + (high - low) * Math.min(1, Math.max(0, x));
  return { estimate: scaled(estimate), lower: scaled(estimate - margin), upper: scaled(estimate + margin) };
}

export const boundedMeanSequenceTest: StatisticalTest = {
  name: "bounded-mean-sequence",
  title: "Confidence sequence for the mean of bounded values (empirical Bernstein)",
  family: "sequential",
  takes: ["stream"],
  values: ["numeric", "binary"],
  larger: "wider",
  formula: "Σ λ x / Σ λ ± (ln(2/α) + Σ (x − μ̂)² (−ln(1 − λ) − λ)) / Σ λ",
  unit: "that of the values",
  range: [-Infinity, Infinity],
  minimumValues: 1,
  validity: "values bounded by known limits, one mean throughout; exact at every look",
  source: "Waudby-Smith and Ramdas (2024), theorem 2",
};
