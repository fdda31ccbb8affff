import { at, totalsOf, type Counts } from "../checks.ts";
import type { DriftMeasure } from "./drift-measure.ts";

/**
 * L-infinity distance: max |p − q|, the largest change of one bin's share, between 0 and 1. Names the
 * category that moved, misses many small moves. Source: Google Vertex AI and NannyML use it for categories.
 */
export function lInfinityDistance(reference: Counts, current: Counts): number {
  const totals = totalsOf(reference, current);
  let largest = 0;
  for (let bin = 0; bin < reference.length; bin += 1) {
    const difference = at(reference, bin) / totals.reference - at(current, bin) / totals.current;
    largest = Math.max(largest, Math.abs(difference));
  }
  return largest;
}

export const lInfinityMeasure: DriftMeasure = {
  name: "l-infinity",
  title: "L-infinity distance",
  family: "drift",
  takes: ["counts"],
  values: ["categorical"],
  larger: "more drift",
  formula: "max |p − q|",
  unit: "share",
  range: [0, 1],
  minimumValues: 100,
  validity: "few categories; with many, small moves of all of them go unseen",
  source: "NannyML; Google Vertex AI model monitoring",
  nullExponent: 0.5,
  ofCounts: lInfinityDistance,
};
