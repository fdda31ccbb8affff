import {
  fitIsotonicCalibration,
  numericBinOf,
  numericHistogram,
  type IsotonicCalibration,
  type NullTable,
  type NumericBins,
} from "@tollgate/statistics";
import { DriftError } from "./errors.ts";
import type { ProfiledScore } from "./reference-profile.ts";
import type { ReferenceColumns } from "./reference-rows.ts";

/** Quantiles of the score where bins begin: even, then finer, where the alerts are. */
const cuts: readonly number[] = [
  ...Array.from({ length: 19 }, (_, cut) => (cut + 1) / 20),
  0.97,
  0.98,
  0.99,
  0.995,
  0.9975,
  0.999,
  0.9995,
];

/** The score's histogram, and its calibration from the same bins. */
export function profileScore(
  { scores, frauds }: ReferenceColumns,
  options: {
    readonly thresholds: { readonly review: number; readonly decline: number };
    readonly nullOf: (counts: readonly number[]) => NullTable;
  },
): ProfiledScore {
  const { thresholds, nullOf } = options;
  const sorted = scores.filter((score) => Number.isFinite(score)).toSorted();
  if (sorted.length === 0) throw new DriftError("BAD_REFERENCE_ROWS", "no row has a score");
  const bins = scoreBins(sorted, thresholds);
  const histogram = numericHistogram(bins);
  const counts = Array.from({ length: histogram.layout.slots }, () => 0);
  const positives = counts.map(() => 0);
  for (const [row, score] of scores.entries()) {
    const slot = histogram.slotOf(score);
    counts[slot] = (counts[slot] ?? 0) + 1;
    positives[slot] = (positives[slot] ?? 0) + (frauds[row] ?? 0);
  }
  const { firstBin, bins: size } = histogram.layout;
  const inner = { from: firstBin, until: firstBin + size };
  const calibration = calibrate(
    bins,
    counts.slice(inner.from, inner.until),
    positives.slice(inner.from, inner.until),
  );
  return { bins, counts, thresholds, calibration, null: nullOf(counts) };
}

function scoreBins(
  sorted: Float64Array,
  thresholds: { readonly review: number; readonly decline: number },
): NumericBins {
  const [lowest, highest] = [sorted[0] ?? 0, sorted.at(-1) ?? 1];
  const quantiles = cuts.map((cut) => sorted[Math.floor(sorted.length * cut)] ?? highest);
  const edges = [...new Set([...quantiles, thresholds.review, thresholds.decline])]
    .filter((edge) => edge > lowest && edge <= highest)
    .toSorted((a, b) => a - b);
  const sums = edges.map(() => 0).concat(0);
  const counts = edges.map(() => 0).concat(0);
  for (const score of sorted) {
    const bin = numericBinOf(edges, score);
    sums[bin] = (sums[bin] ?? 0) + score;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const centres = sums.map((sum, bin) => {
    const count = counts[bin] ?? 0;
    return count > 0 ? sum / count : ((edges[bin - 1] ?? lowest) + (edges[bin] ?? highest)) / 2;
  });
  const mean = sorted.reduce((sum, score) => sum + score / sorted.length, 0);
  const variance = sorted.reduce((sum, score) => sum + (score - mean) ** 2 / sorted.length, 0);
  // Scores are probabilities: what the model can say is in range, though the reference never said it.
  return { kind: "numeric", edges, lowest: 0, highest: 1, centres, scale: Math.sqrt(variance) };
}

/** Of bins, so that it is the same function that estimates from bins. Null without a fraud. */
function calibrate(
  { centres }: NumericBins,
  counts: readonly number[],
  positives: readonly number[],
): IsotonicCalibration | null {
  if (positives.every((count) => count === 0)) return null;
  const shares = positives.map((count, bin) => count / Math.max(1, counts[bin] ?? 0));
  return fitIsotonicCalibration(centres, shares, counts);
}
