import { at, totalsOf, type Counts } from "../checks.ts";
import type { DriftMeasure } from "./drift-measure.ts";

/**
 * Jensen-Shannon distance: √(½ Σ p log(p / m) + ½ Σ q log(q / m)) with m = (p + q) / 2. With logarithms to
 * base 2 (the default, and NannyML's) it lies between 0 and 1; with base e (Evidently's) between 0 and √ln 2.
 * A metric; empty bins need no care. Source: Endres and Schindelin (2003).
 */
export function jensenShannonDistance(
  reference: Counts,
  current: Counts,
  { base = 2 }: { readonly base?: number } = {},
): number {
  const totals = totalsOf(reference, current);
  let sum = 0;
  for (let bin = 0; bin < reference.length; bin += 1) {
    const p = at(reference, bin) / totals.reference;
    const q = at(current, bin) / totals.current;
    const middle = (p + q) / 2;
    if (p > 0) sum += p * Math.log(p / middle);
    if (q > 0) sum += q * Math.log(q / middle);
  }
  // Rounding can leave equal shares a hair below zero.
  return Math.sqrt(Math.max(0, sum) / 2 / Math.log(base));
}

export const jensenShannonMeasure: DriftMeasure = {
  name: "jensen-shannon",
  title: "Jensen-Shannon distance",
  family: "drift",
  takes: ["counts"],
  values: ["numeric", "categorical"],
  larger: "more drift",
  formula: "√(½ Σ p log₂(p / m) + ½ Σ q log₂(q / m)), m = (p + q) / 2",
  unit: "√bits",
  range: [0, 1],
  minimumValues: 100,
  validity: "any histogram; blind to how far apart two bins lie",
  source: "Endres and Schindelin (2003)",
  nullExponent: 0.5,
  ofCounts: (reference, current) => jensenShannonDistance(reference, current),
};
