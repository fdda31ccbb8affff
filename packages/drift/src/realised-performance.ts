import {
  areaUnderRocOfHistogram,
  averagePrecisionOfHistogram,
  calibrateScore,
  expectedCalibrationError,
  reliabilityOfHistogram,
  type BoundedFigure,
  type ReliabilityPoint,
} from "@tollgate/statistics";
import {
  countsOf,
  decisionsOf,
  outcomesOf,
  scoreOfSlot,
  sumsByOutcome,
  type WindowCounts,
} from "./window-counts.ts";

/** What labels say of a window's decisions; NaN where there is nothing to divide by. */
export interface RealisedPerformance {
  /** `too-few`: fewer than ten frauds, the figures are chance; `immature`: too few labels have arrived. */
  readonly status: "mature" | "immature" | "too-few";
  /** Expected share of the window's fraud labels that have arrived, 0 to 1; NaN when delays are not known. */
  readonly maturity: number;
  readonly decisions: number;
  readonly frauds: number;
  /** What is not labelled fraud counts as honest: precision and recall move as labels arrive. */
  readonly averagePrecision: BoundedFigure;
  readonly areaUnderRoc: BoundedFigure;
  /** At the alert budget: of what the platform reviewed or declined. */
  readonly recall: number;
  readonly precision: number;
  readonly alertRate: number;
  readonly falsePositiveRate: number;
  /** Calibrated probability against the share of frauds in each score bin; empty without a calibration. */
  readonly reliability: readonly ReliabilityPoint[];
  readonly calibrationError: number;
}

/** From this share of labels on a window counts as mature; the rest is mostly chargebacks. */
export const matureShare = 0.8;
const fraudsMin = 10;

/**
 * Realised performance from score histograms of all decisions and of those labelled fraud: counters, no rows.
 */
export function realisedPerformance(
  window: WindowCounts,
  { maturity }: { readonly maturity: number },
): RealisedPerformance {
  const { score, profile } = window.layout;
  const { missing } = score.histogram;
  const places = window.layout.sums;
  const all = countsOf(window, score).subarray(0, missing);
  const positives = Float64Array.from(all, (count, slot) => {
    return Math.min(count, Math.max(0, window.sums[places.fraudsByScore + slot] ?? 0));
  });
  const negatives = all.map((count, slot) => count - (positives[slot] ?? 0));
  const outcomes = outcomesOf(window);
  const byOutcome = sumsByOutcome(window, places.frauds);
  const decisions = decisionsOf(window);
  const frauds = byOutcome.approve + byOutcome.review + byOutcome.decline;
  const alerts = outcomes.review + outcomes.decline;
  const found = byOutcome.review + byOutcome.decline;
  const { calibration } = profile.score;
  const reliability =
    calibration === null
      ? []
      : reliabilityOfHistogram({
          counts: all,
          positives,
          probabilitySums: all.map(
            (count, slot) => count * calibrateScore(calibration, scoreOfSlot(score, slot)),
          ),
        });
  return {
    status: frauds < fraudsMin ? "too-few" : maturity >= matureShare ? "mature" : "immature",
    maturity,
    decisions,
    frauds,
    averagePrecision: averagePrecisionOfHistogram(positives, negatives),
    areaUnderRoc: areaUnderRocOfHistogram(positives, negatives),
    recall: found / frauds,
    precision: found / alerts,
    alertRate: alerts / decisions,
    falsePositiveRate: (alerts - found) / (decisions - frauds),
    reliability,
    calibrationError: reliability.length > 0 ? expectedCalibrationError(reliability) : Number.NaN,
  };
}
