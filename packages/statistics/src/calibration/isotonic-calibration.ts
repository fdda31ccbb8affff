import { assertSameLength, at, checkedSample, type Numbers } from "../checks.ts";
import { StatisticsError } from "../errors.ts";
import type { StatisticalTest } from "../statistical-test.ts";

/** A fitted, non-decreasing calibration; plain JSON. */
export interface IsotonicCalibration {
  /** Ascending scores at which the fitted function bends. */
  readonly scores: readonly number[];
  /** Probability at each, non-decreasing. */
  readonly probabilities: readonly number[];
}

interface Block {
  readonly first: number;
  last: number;
  weight: number;
  mean: number;
}

/**
 * Fits the non-decreasing function of the score that is nearest to the labels (0 or 1, or any numbers) in
 * weighted least squares, by pooling adjacent violators; equal scores are averaged first. Between two bends
 * it is linear, outside constant, as scikit-learn's `IsotonicRegression(out_of_bounds="clip")`. With the bins
 * of a score histogram: scores = bin means, labels = shares of positives, weights = counts.
 * Source: Ayer et al. (1955); Zadrozny and Elkan (2002) for calibration.
 */
export function fitIsotonicCalibration(
  scores: Numbers,
  labels: Numbers,
  weights?: Numbers,
): IsotonicCalibration {
  assertSameLength(scores, labels, "scores and labels");
  const x = checkedSample(scores, "scores");
  const y = checkedSample(labels, "labels");
  const w = weights === undefined ? new Float64Array(x.length).fill(1) : checkedSample(weights, "weights");
  assertSameLength(x, w, "scores and weights");
  const blocks: Block[] = [];
  for (const point of distinctPoints(x, y, w)) {
    blocks.push(point);
    poolBack(blocks);
  }
  return bendsOf(blocks);
}

/** The calibrated probability of a score. */
export function calibrateScore({ scores, probabilities }: IsotonicCalibration, score: number): number {
  if (Number.isNaN(score)) throw new StatisticsError("VALUE_NOT_FINITE", "the score is NaN");
  let low = 0;
  let high = scores.length - 1;
  if (score <= at(scores, low)) return at(probabilities, low);
  if (score >= at(scores, high)) return at(probabilities, high);
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (at(scores, middle) <= score) low = middle;
    else high = middle;
  }
  const share = (score - at(scores, low)) / (at(scores, high) - at(scores, low));
  return at(probabilities, low) + share * (at(probabilities, high) - at(probabilities, low));
}

function distinctPoints(x: Float64Array, y: Float64Array, w: Float64Array): readonly Block[] {
  const order = Uint32Array.from(x, (_, index) => index).toSorted((a, b) => at(x, a) - at(x, b));
  const points: Block[] = [];
  for (const index of order) {
    const weight = at(w, index);
    if (weight < 0)
      throw new StatisticsError("OUT_OF_RANGE", `weights[${index}] is ${weight}, must not be negative`);
    if (weight === 0) continue;
    const last = points.at(-1);
    if (last !== undefined && last.first === at(x, index)) merge(last, weight, at(y, index));
    else points.push({ first: at(x, index), last: at(x, index), weight, mean: at(y, index) });
  }
  if (points.length === 0) throw new StatisticsError("TOO_FEW_VALUES", "every weight is zero");
  return points;
}

function poolBack(blocks: Block[]): void {
  for (;;) {
    const last = blocks.at(-1);
    const before = blocks.at(-2);
    if (last === undefined || before === undefined || before.mean < last.mean) return;
    merge(before, last.weight, last.mean);
    before.last = last.last;
    blocks.pop();
  }
}

function merge(block: Block, weight: number, value: number): void {
  block.weight += weight;
  block.mean += ((value - block.mean) * weight) / block.weight;
}

function bendsOf(blocks: readonly Block[]): IsotonicCalibration {
  const scores: number[] = [];
  const probabilities: number[] = [];
  for (const { first, last, mean } of blocks) {
    scores.push(first);
    probabilities.push(mean);
    if (last === first) continue;
    scores.push(last);
    probabilities.push(mean);
  }
  return { scores, probabilities };
}

export const isotonicCalibrationTest: StatisticalTest = {
  name: "isotonic-calibration",
  title: "Isotonic calibration (pool adjacent violators)",
  family: "calibration",
  takes: ["scores and labels", "counts"],
  values: ["binary"],
  larger: "better",
  formula: "min Σ w (y − f(x))², f non-decreasing",
  unit: "probability",
  range: [0, 1],
  minimumValues: 1000,
  validity: "data the model was not trained on; needs some hundred positives, else it overfits",
  source: "Ayer et al. (1955); Zadrozny and Elkan (2002)",
};
