import { labelSources, type LabelSource } from "@tollgate/contracts";
import type { NumericBins } from "@tollgate/statistics";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Upper ends of the delay bins but the last: hours for customers and analysts, months for chargebacks. */
export const labelDelayEdgesMs: readonly number[] = [
  hourMs,
  3 * hourMs,
  6 * hourMs,
  12 * hourMs,
  dayMs,
  2 * dayMs,
  4 * dayMs,
  7 * dayMs,
  14 * dayMs,
  28 * dayMs,
  45 * dayMs,
  60 * dayMs,
  90 * dayMs,
];

/**
 * Labels that took longer are not compared: those of the first decisions would all be early ones, month by
 * month fewer, and that would pass for how much healthy windows differ. Two weeks hold most labels but the
 * chargebacks; the longest leaves five of nine weeks of tiles to compare with.
 */
const horizonsMs: readonly number[] = [14 * dayMs, 28 * dayMs];

/** The shortest horizon within which half of the reference's labels of fraud had come. */
export function labelHorizonMs(delays: Readonly<Record<LabelSource, readonly number[]>>): number {
  const within = (horizonMs: number): number =>
    labelSources.reduce((sum, source) => sum + countWithin(delays[source], horizonMs), 0);
  const half = within(Infinity) / 2;
  return horizonsMs.find((horizonMs) => within(horizonMs) >= half) ?? horizonsMs.at(-1) ?? Infinity;
}

function countWithin(counts: readonly number[], horizonMs: number): number {
  return delaysWithin(counts, horizonMs).reduce((sum, count) => sum + count, 0);
}

/** Counts of the delay bins, 0 beyond the horizon. */
export function delaysWithin(counts: readonly number[], horizonMs: number): readonly number[] {
  return counts.map((count, bin) => ((labelDelayEdgesMs[bin] ?? Infinity) <= horizonMs ? count : 0));
}

/** The same bins for every model: delays belong to the labels' sources, not to the model. */
export const labelDelayBins: NumericBins = {
  kind: "numeric",
  edges: labelDelayEdgesMs,
  lowest: 0,
  highest: Number.MAX_VALUE,
  centres: [...labelDelayEdgesMs, 120 * dayMs].map(
    (edge, bin) => (edge + (labelDelayEdgesMs[bin - 1] ?? 0)) / 2,
  ),
  scale: 7 * dayMs,
};
