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
