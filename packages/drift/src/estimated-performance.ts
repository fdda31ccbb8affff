import {
  calibrateScore,
  estimatePerformanceOfHistogram,
  type EstimatedPerformance,
} from "@tollgate/statistics";
import { countsOf, scoreOfSlot, totalOf, type WindowCounts } from "./window-counts.ts";

/**
 * Performance of a window before its labels arrive, from the score histogram alone (CBPE): what the model's
 * calibrated scores lead to expect. Alerts are scores from the review threshold on. It sees changes of the
 * inputs; it is blind to a new kind of fraud that scores low. Null without a calibration or without scores.
 */
export function estimatedPerformance(window: WindowCounts): EstimatedPerformance | null {
  const { score, profile } = window.layout;
  const { calibration, thresholds, bins } = profile.score;
  const counts = countsOf(window, score).subarray(0, score.histogram.missing);
  if (calibration === null || totalOf(counts) === 0) return null;
  const alertsFromBin =
    score.histogram.firstBin + bins.edges.filter((edge) => edge <= thresholds.review).length;
  return estimatePerformanceOfHistogram({
    counts,
    probabilities: counts.map((_, slot) => calibrateScore(calibration, scoreOfSlot(score, slot))),
    alertsFromBin,
  });
}
