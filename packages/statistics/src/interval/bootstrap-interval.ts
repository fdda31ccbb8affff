import { assertBetween, assertWhole, at, checkedSample, sortedSample, type Numbers } from "../checks.ts";
import { StatisticsError } from "../errors.ts";
import { statisticsLimits } from "../limits.ts";
import type { Random } from "../random/random.ts";
import { normalCumulative, normalQuantile } from "../special/normal.ts";
import type { StatisticalTest } from "../statistical-test.ts";
import type { ConfidenceInterval } from "../sequential/confidence-interval.ts";

export interface BootstrapOptions<Item> {
  readonly sample: readonly Item[];
  /** The figure of a sample; gets resamples of the same size, in no order. */
  readonly statistic: (sample: readonly Item[]) => number;
  readonly random: Random;
  /** `bca` (default) corrects bias and skew; `percentile` does not, and needs no jackknife. */
  readonly method?: "bca" | "percentile";
  /** Probability that the interval holds the truth; default 0.95. */
  readonly confidence?: number;
  readonly resamples?: number;
}

/**
 * Bootstrap confidence interval of any figure of independent items (rows, customers, days): percentile, or
 * bias corrected and accelerated. Costs `resamples` computations of the figure, and one an item for the
 * jackknife.
 * Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), ch. 13 and 14.
 */
export function bootstrapInterval<Item>(options: BootstrapOptions<Item>): ConfidenceInterval {
  const { sample, statistic, random, method = "bca", confidence = 0.95 } = options;
  const resamples = options.resamples ?? statisticsLimits.resamples;
  assertWhole(resamples, 1, "resamples");
  if (sample.length < 2)
    throw new StatisticsError("TOO_FEW_VALUES", `the sample has ${sample.length} items, needs 2`);
  const estimate = statistic(sample);
  const resampled = Array.from({ length: resamples }, () =>
    statistic(sample.map((item) => sample[Math.floor(random() * sample.length)] ?? item)),
  );
  if (method === "percentile") return { estimate, ...percentileInterval(resampled, confidence) };
  const jackknife = sample.map((_, left) => statistic(sample.toSpliced(left, 1)));
  return { estimate, ...biasCorrectedInterval({ resampled, estimate, jackknife, confidence }) };
}

/** The middle share `confidence` of the resampled figures, with linear interpolation. */
export function percentileInterval(
  resampled: Numbers,
  confidence: number,
): { readonly lower: number; readonly upper: number } {
  assertBetween(confidence, 0, 1, "confidence");
  const sorted = sortedSample(resampled, "resampled");
  return {
    lower: quantileOf(sorted, (1 - confidence) / 2),
    upper: quantileOf(sorted, (1 + confidence) / 2),
  };
}

/**
 * The percentiles shifted for bias (the resamples' median against the estimate) and acceleration (the skew of
 * the jackknife). Where all resamples are alike there is nothing to correct, and the interval is a point.
 */
export function biasCorrectedInterval({
  resampled,
  estimate,
  jackknife,
  confidence,
}: {
  readonly resampled: Numbers;
  readonly estimate: number;
  readonly jackknife: Numbers;
  readonly confidence: number;
}): { readonly lower: number; readonly upper: number } {
  assertBetween(confidence, 0, 1, "confidence");
  const sorted = sortedSample(resampled, "resampled");
  const below = sorted.reduce((count, figure) => {
    const counts = figure < estimate ? 1 : figure === estimate ? 0.5 : 0;
    return count + counts;
  }, 0);
  if (below === 0 || below === sorted.length) return percentileInterval(sorted, confidence);
  const bias = normalQuantile(below / sorted.length);
  const acceleration = accelerationOf(checkedSample(jackknife, "jackknife"));
  const shifted = (z: number): number =>
    normalCumulative(bias + (bias + z) / (1 - acceleration * (bias + z)));
  const z = normalQuantile((1 + confidence) / 2);
  return { lower: quantileOf(sorted, shifted(-z)), upper: quantileOf(sorted, shifted(z)) };
}

function accelerationOf(jackknife: Float64Array): number {
  const mean = jackknife.reduce((sum, figure) => sum + figure / jackknife.length, 0);
  let squares = 0;
  let cubes = 0;
  for (const figure of jackknife) {
    squares += (mean - figure) ** 2;
    cubes += (mean - figure) ** 3;
  }
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
}

/** Linear between order statistics, as NumPy's default. */
function quantileOf(sorted: Float64Array, probability: number): number {
  const position = probability * (sorted.length - 1);
  const left = Math.floor(position);
  const right = Math.min(sorted.length - 1, left + 1);
  return at(sorted, left) + (position - left) * (at(sorted, right) - at(sorted, left));
}

export const bootstrapIntervalTest: StatisticalTest = {
  name: "bootstrap-interval",
  title: "Bootstrap interval (percentile, BCa)",
  family: "interval",
  takes: ["samples"],
  values: ["numeric", "binary"],
  larger: "wider",
  formula: "quantiles Φ(z₀ + (z₀ ± z) / (1 − a (z₀ ± z))) of the resampled figures",
  unit: "that of the figure",
  range: [-Infinity, Infinity],
  minimumValues: 20,
  validity: "independent items; not for extremes (maximum, far quantiles)",
  source: "Efron and Tibshirani (1993)",
};
