import { at, totalsOf, type Counts } from "../checks.ts";
import type { DriftMeasure } from "./drift-measure.ts";

/**
 * Hellinger distance: √(½ Σ (√p − √q)²), between 0 (equal) and 1 (no bin in common). A metric; gives rare
 * bins more weight than L∞ and less than PSI. Source: Hellinger (1909), as in NannyML and whylogs.
 */
export function hellingerDistance(reference: Counts, current: Counts): number {
  const totals = totalsOf(reference, current);
  let sum = 0;
  for (let bin = 0; bin < reference.length; bin += 1) {
    const p = at(reference, bin) / totals.reference;
    const q = at(current, bin) / totals.current;
    const difference = Math.sqrt(p) - Math.sqrt(q);
    sum += difference * difference;
  }
  return Math.min(1, Math.sqrt(sum / 2));
}

export const hellingerMeasure: DriftMeasure = {
  name: "hellinger",
  title: "Hellinger distance",
  family: "drift",
  takes: ["counts"],
  values: ["numeric", "categorical"],
  larger: "more drift",
  formula: "√(½ Σ (√p − √q)²)",
  unit: "none",
  range: [0, 1],
  minimumValues: 100,
  validity: "any histogram; blind to how far apart two bins lie",
  source: "Hellinger (1909)",
  nullExponent: 0.5,
  ofCounts: hellingerDistance,
};
