import { assertSameLength, assertWhole, at, checkedSample, type Counts, type Numbers } from "../checks.ts";
import { StatisticsError } from "../errors.ts";
import type { StatisticalTest } from "../statistical-test.ts";

/** One bin of a reliability curve. */
export interface ReliabilityPoint {
  readonly count: number;
  readonly meanProbability: number;
  /** Share of positives. */
  readonly meanLabel: number;
}

export interface ReliabilityOptions {
  readonly bins: number;
  /** `uniform`: bins of equal width on [0, 1]; `quantile`: runs of equal count in the order of the score. */
  readonly cut: "uniform" | "quantile";
}

/** Mean probability against share of positives, bin by bin in ascending order; empty bins are left out. */
export function reliabilityCurve(
  probabilities: Numbers,
  labels: Numbers,
  { bins, cut }: ReliabilityOptions,
): readonly ReliabilityPoint[] {
  assertSameLength(probabilities, labels, "probabilities and labels");
  assertWhole(bins, 1, "bins");
  const p = checkedSample(probabilities, "probabilities");
  const y = checkedSample(labels, "labels");
  const count = new Float64Array(bins);
  const probabilitySum = new Float64Array(bins);
  const labelSum = new Float64Array(bins);
  const binOf = cut === "uniform" ? uniformBins(p, bins) : equalRuns(p, bins);
  p.forEach((probability, index) => {
    const bin = at(binOf, index);
    count[bin] = at(count, bin) + 1;
    probabilitySum[bin] = at(probabilitySum, bin) + probability;
    labelSum[bin] = at(labelSum, bin) + at(y, index);
  });
  return reliabilityOfHistogram({ counts: count, probabilitySums: probabilitySum, positives: labelSum });
}

/** The same from sums kept for each bin of a score histogram. */
export function reliabilityOfHistogram({
  counts,
  probabilitySums,
  positives,
}: {
  readonly counts: Counts;
  readonly probabilitySums: Numbers;
  readonly positives: Counts;
}): readonly ReliabilityPoint[] {
  assertSameLength(counts, probabilitySums, "counts and probability sums");
  assertSameLength(counts, positives, "counts and positives");
  return Array.from(counts, (count, bin) => ({
    count,
    meanProbability: at(probabilitySums, bin) / count,
    meanLabel: at(positives, bin) / count,
  })).filter(({ count }) => count > 0);
}

/**
 * Expected calibration error: Σ (count / all) |mean probability − share of positives| over the bins. It is
 * biased upwards: with k bins and n values a perfect model still shows about √(k p(1 − p) / n).
 * Source: Naeini et al., AAAI 2015.
 */
export function expectedCalibrationError(curve: readonly ReliabilityPoint[]): number {
  const total = curve.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) throw new StatisticsError("TOO_FEW_VALUES", "the reliability curve is empty");
  return curve.reduce(
    (sum, { count, meanProbability, meanLabel }) =>
      sum + (count / total) * Math.abs(meanProbability - meanLabel),
    0,
  );
}

/** Bins of equal width, the right edge inclusive in the last, as scikit-learn's `calibration_curve`. */
function uniformBins(p: Float64Array, bins: number): Float64Array {
  return p.map((probability, index) => {
    if (probability < 0 || probability > 1) {
      throw new StatisticsError("OUT_OF_RANGE", `probabilities[${index}] is ${probability}, must be 0 to 1`);
    }
    return Math.max(0, Math.ceil(probability * bins) - 1);
  });
}

/** Runs of ⌊n / bins⌋ values in the order of the score, the last takes the rest. */
function equalRuns(p: Float64Array, bins: number): Float64Array {
  const order = Uint32Array.from(p, (_, index) => index).toSorted((a, b) => at(p, a) - at(p, b) || a - b);
  const width = Math.max(1, Math.floor(p.length / bins));
  const binOf = new Float64Array(p.length);
  order.forEach((index, position) => {
    binOf[index] = Math.min(bins - 1, Math.floor(position / width));
  });
  return binOf;
}

export const expectedCalibrationErrorTest: StatisticalTest = {
  name: "expected-calibration-error",
  title: "Expected calibration error (ECE) and reliability curve",
  family: "calibration",
  takes: ["scores and labels", "counts"],
  values: ["binary"],
  larger: "worse",
  formula: "Σ (n of a bin / n) |mean probability − share of positives|",
  unit: "probability",
  range: [0, 1],
  minimumValues: 1000,
  validity: "depends on the bins and is biased upwards by about √(bins · p(1 − p) / n)",
  source: "Naeini et al. (2015)",
};
