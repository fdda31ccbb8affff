import { assertBetween, assertWhole, at } from "../checks.ts";
import type { DriftMeasureName } from "../drift/drift-measure.ts";
import { driftMeasures } from "../drift/drift-measures.ts";
import { StatisticsError } from "../errors.ts";
import type { NullDistribution } from "./null-law.ts";
import { fromScaleFree, samplingVariance, toScaleFree } from "./scale-free.ts";

/** Survival probabilities of a table's points; beyond the last the tail is exponential. */
export const tableSurvivals: readonly number[] = [0.99, 0.95, 0.9, 0.75, 0.5, 0.35, 0.25, 0.15, 0.1, 0.05];

/** The null of one measure against one reference, for every window's size; plain JSON of about 1 kB. */
export interface NullTable {
  readonly measure: DriftMeasureName;
  readonly referenceSize: number;
  /** Ascending. */
  readonly windowSizes: readonly number[];
  /** A row for each window size: the scale-free value at each of `tableSurvivals`. */
  readonly values: readonly (readonly number[])[];
  /** For each window size: the mean of what exceeds the last value, less that value. */
  readonly tailMeans: readonly number[];
  /** For each window size: the mean of the measure itself, over the root of its sampling variance's power. */
  readonly means: readonly number[];
}

interface Row {
  readonly values: readonly number[];
  readonly tailMean: number;
  readonly mean: number;
}

/**
 * The null of a window of `windowSize` from a table: between the table's sizes interpolated in their
 * logarithm, above them its largest (the law has settled), below them an error. A p-value below 5 % follows
 * an exponential tail in the scale-free value: with 2,000 draws it is right within a factor of 1.5 at 1 %, of
 * 2 at 0.1 %, and for chi-square-like laws it errs to the large side further out.
 */
export function nullOfTable(table: NullTable, windowSize: number): NullDistribution {
  assertWhole(windowSize, 1, "windowSize");
  const { nullExponent } = driftMeasures[table.measure];
  const variance = samplingVariance(table.referenceSize, windowSize);
  const row = rowFor(table, windowSize);
  return {
    method: "bootstrap",
    mean: row.mean * (nullExponent === 0 ? 1 : variance ** nullExponent),
    pValue: (statistic) => survivalAt(row, toScaleFree(statistic, nullExponent, variance)),
    critical(survival) {
      assertBetween(survival, 0, 1, "survival");
      return fromScaleFree(valueAt(row, survival), nullExponent, variance);
    },
  };
}

function rowFor(table: NullTable, windowSize: number): Row {
  const { windowSizes } = table;
  const first = at(windowSizes, 0);
  if (windowSize < first) {
    const detail = `a window of ${windowSize}, the table begins at ${first}`;
    throw new StatisticsError("TOO_FEW_VALUES", detail);
  }
  const above = windowSizes.findIndex((size) => size >= windowSize);
  const right = above < 0 ? windowSizes.length - 1 : above;
  const left = above <= 0 ? right : above - 1;
  const span = Math.log(at(windowSizes, right) / at(windowSizes, left));
  const weight = span > 0 ? Math.log(windowSize / at(windowSizes, left)) / span : 0;
  const between = (a: number, b: number): number => a + (b - a) * weight;
  const rightValues = table.values[right] ?? [];
  return {
    values: (table.values[left] ?? []).map((value, point) => between(value, at(rightValues, point))),
    tailMean: between(at(table.tailMeans, left), at(table.tailMeans, right)),
    mean: between(at(table.means, left), at(table.means, right)),
  };
}

/** Linear in (value, ln survival) between the points (0, 1), the table's, and the tail. */
function survivalAt({ values, tailMean }: Row, value: number): number {
  let leftValue = 0;
  let leftSurvival = 1;
  for (let point = 0; point < values.length; point += 1) {
    const rightValue = at(values, point);
    const rightSurvival = at(tableSurvivals, point);
    // Where draws tie, the first of the equal points has the survival that counts them all.
    if (value <= rightValue) {
      const share = value <= leftValue ? 0 : (value - leftValue) / (rightValue - leftValue);
      return leftSurvival * (rightSurvival / leftSurvival) ** share;
    }
    leftValue = rightValue;
    leftSurvival = rightSurvival;
  }
  return tailMean > 0 ? leftSurvival * Math.exp(-(value - leftValue) / tailMean) : 0;
}

function valueAt({ values, tailMean }: Row, survival: number): number {
  let leftValue = 0;
  let leftSurvival = 1;
  for (let point = 0; point < values.length; point += 1) {
    const rightValue = at(values, point);
    const rightSurvival = at(tableSurvivals, point);
    if (survival > rightSurvival) {
      const share = Math.log(survival / leftSurvival) / Math.log(rightSurvival / leftSurvival);
      return leftValue + share * (rightValue - leftValue);
    }
    leftValue = rightValue;
    leftSurvival = rightSurvival;
  }
  return leftValue + tailMean * Math.log(leftSurvival / survival);
}
