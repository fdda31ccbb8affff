import { assertBetween, at, type Numbers } from "../checks.ts";
import { StatisticsError } from "../errors.ts";
import type { StatisticalTest } from "../statistical-test.ts";

export interface FalseDiscoveryResult {
  /** Which tests are called, in the order given. */
  readonly rejected: readonly boolean[];
  /** The smallest level at which each test would be called (q-value). */
  readonly adjusted: readonly number[];
}

/**
 * Benjamini and Hochberg's step-up procedure: of the tests called at `level`, at most that share is expected
 * to be false, for independent or positively dependent tests. adjusted(i) = min over k ≥ rank(i) of p(k)·N /
 * k. With `dependence: "any"` the p-values are multiplied by Σ 1/k (Benjamini and Yekutieli): true for any
 * tests.
 * Source: J. R. Statist. Soc. B 57 (1995); Ann. Statist. 29 (2001).
 */
export function benjaminiHochberg(
  pValues: Numbers,
  { level, dependence = "positive" }: { readonly level: number; readonly dependence?: "positive" | "any" },
): FalseDiscoveryResult {
  assertBetween(level, 0, 1, "level");
  const size = pValues.length;
  const order = Array.from({ length: size }, (_, index) => index);
  for (const index of order) {
    const p = at(pValues, index);
    if (!(p >= 0 && p <= 1))
      throw new StatisticsError("OUT_OF_RANGE", `pValues[${index}] is ${p}, must be 0 to 1`);
  }
  const descending = order.toSorted((a, b) => at(pValues, b) - at(pValues, a));
  const factor = dependence === "any" ? order.reduce((sum, index) => sum + 1 / (index + 1), 0) : 1;
  const adjusted = order.map(() => 1);
  let smallest = 1;
  descending.forEach((index, fromTop) => {
    smallest = Math.min(smallest, at(pValues, index) * ((size * factor) / (size - fromTop)));
    adjusted[index] = smallest;
  });
  return { rejected: adjusted.map((value) => value <= level), adjusted };
}

export const benjaminiHochbergTest: StatisticalTest = {
  name: "benjamini-hochberg",
  title: "Benjamini-Hochberg false discovery rate",
  family: "multiple testing",
  takes: ["p-values"],
  values: ["numeric"],
  larger: "less evidence of a change",
  formula: "adjusted p(i) = min over k ≥ i of p(k) N / k",
  unit: "false calls among the calls, as a share",
  range: [0, 1],
  minimumValues: 1,
  validity: "independent or positively dependent tests; `any` dependence costs a factor Σ 1/k",
  source: "Benjamini and Hochberg (1995); Benjamini and Yekutieli (2001)",
};
