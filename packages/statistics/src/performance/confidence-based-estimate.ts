import { assertSameLength, at, checkedSample, type Counts, type Numbers } from "../checks.ts";
import { StatisticsError } from "../errors.ts";
import type { StatisticalTest } from "../statistical-test.ts";
import { areaOfGroups } from "./area-under-roc.ts";
import { precisionOfGroups } from "./average-precision.ts";
import { performanceOf, type BinaryPerformance } from "./binary-performance.ts";
import { groupsOfHistogram, groupsOfScores } from "./ranked-groups.ts";

/** Figures expected of a window whose labels are not known yet; NaN where nothing can be said. */
export interface EstimatedPerformance extends BinaryPerformance {
  readonly values: number;
  readonly expectedPositives: number;
  readonly areaUnderRoc: number;
  readonly averagePrecision: number;
}

/**
 * Confidence-based performance estimation (CBPE): with calibrated probabilities p̂ the expected confusion
 * matrix is TP = Σ p̂ over alerts, FP = Σ (1 − p̂) over alerts, FN = Σ p̂ and TN = Σ (1 − p̂) over the rest;
 * area under ROC and average precision from the same sums at every score. `alerts[i]` is 1 where the model
 * raised an alert; `scores` give the order and need not be calibrated.
 *
 * It sees a change of the features; it is wrong where the probabilities are: under concept drift, in regions
 * the reference lacks, or calibrated on training data. Source: NannyML; Kivimäki et al., arXiv 2505.05295.
 */
export function estimatePerformance({
  scores,
  probabilities,
  alerts,
}: {
  readonly scores: Numbers;
  readonly probabilities: Numbers;
  readonly alerts: Numbers;
}): EstimatedPerformance {
  assertSameLength(probabilities, alerts, "probabilities and alerts");
  const groups = groupsOfScores(scores, checkedSample(probabilities, "probabilities"));
  const sums = { alerts: 0, alertPositives: 0, positives: 0 };
  for (let index = 0; index < probabilities.length; index += 1) {
    const alerted = at(alerts, index) !== 0;
    sums.positives += at(probabilities, index);
    if (!alerted) continue;
    sums.alerts += 1;
    sums.alertPositives += at(probabilities, index);
  }
  return {
    ...expectedFigures(sums, probabilities.length),
    areaUnderRoc: areaOfGroups(groups),
    averagePrecision: precisionOfGroups(groups),
  };
}

/**
 * The same from a score histogram with ascending bins: `counts` of the window, `probabilities` the calibrated
 * probability of each bin, alerts are the bins from `alertsFromBin` on. Within a bin the order is unknown:
 * area and average precision are those of ties.
 */
export function estimatePerformanceOfHistogram({
  counts,
  probabilities,
  alertsFromBin,
}: {
  readonly counts: Counts;
  readonly probabilities: Numbers;
  readonly alertsFromBin: number;
}): EstimatedPerformance {
  assertSameLength(counts, probabilities, "bins and their probabilities");
  const positives = Float64Array.from(counts, (count, bin) => count * probabilityAt(probabilities, bin));
  const negatives = Float64Array.from(
    counts,
    (count, bin) => count * (1 - probabilityAt(probabilities, bin)),
  );
  const groups = groupsOfHistogram(positives, negatives);
  const sums = { alerts: 0, alertPositives: 0, positives: 0 };
  let values = 0;
  for (let bin = 0; bin < counts.length; bin += 1) {
    values += at(counts, bin);
    sums.positives += at(positives, bin);
    if (bin < alertsFromBin) continue;
    sums.alerts += at(counts, bin);
    sums.alertPositives += at(positives, bin);
  }
  return {
    ...expectedFigures(sums, values),
    areaUnderRoc: areaOfGroups(groups),
    averagePrecision: precisionOfGroups(groups),
  };
}

function expectedFigures(
  sums: { readonly alerts: number; readonly alertPositives: number; readonly positives: number },
  values: number,
): BinaryPerformance & { readonly values: number; readonly expectedPositives: number } {
  if (values === 0) throw new StatisticsError("TOO_FEW_VALUES", "the window is empty");
  const falseNegatives = sums.positives - sums.alertPositives;
  const matrix = performanceOf({
    truePositives: sums.alertPositives,
    falsePositives: sums.alerts - sums.alertPositives,
    falseNegatives,
    trueNegatives: values - sums.alerts - falseNegatives,
  });
  return { ...matrix, values, expectedPositives: sums.positives };
}

function probabilityAt(probabilities: Numbers, bin: number): number {
  const probability = at(probabilities, bin);
  if (probability >= 0 && probability <= 1) return probability;
  throw new StatisticsError("OUT_OF_RANGE", `probabilities[${bin}] is ${probability}, must be 0 to 1`);
}

export const confidenceBasedEstimateTest: StatisticalTest = {
  name: "confidence-based-estimate",
  title: "Confidence-based performance estimation (CBPE)",
  family: "performance",
  takes: ["scores", "counts"],
  values: ["binary"],
  larger: "better",
  formula: "TP = Σ p̂[alert], FP = Σ (1 − p̂)[alert], FN = Σ p̂[none], TN = Σ (1 − p̂)[none]",
  unit: "that of the estimated figure",
  range: [0, 1],
  minimumValues: 1000,
  validity: "calibrated probabilities; wrong under concept drift and in regions the reference lacks",
  source: "NannyML; Kivimäki et al. (2025)",
};
