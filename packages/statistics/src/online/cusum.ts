import { StatisticsError } from "../errors.ts";
import { bisectFalling, upperBracket } from "../special/bisect.ts";
import type { StatisticalTest } from "../statistical-test.ts";

export interface CusumOptions {
  /** Mean and standard deviation of one value without a change. */
  readonly mean: number;
  readonly deviation: number;
  /** Half the change to be found, in standard deviations; ½ finds a change of one soonest. */
  readonly allowance: number;
  /** Decision interval in standard deviations; see `cusumThreshold`. */
  readonly threshold: number;
}

/** Plain JSON; all that must be kept between values. In standard deviations. */
export interface CusumState {
  readonly rise: number;
  readonly fall: number;
  readonly alarm: "rise" | "fall" | "none";
}

export const cusumStart: CusumState = { rise: 0, fall: 0, alarm: "none" };

/**
 * Tabular cumulative sum, two-sided: C⁺ = max(0, C⁺ + z − k), C⁻ = max(0, C⁻ − z − k) with z = (x − mean) /
 * deviation; alarm when one exceeds the threshold. After an alarm, begin anew with `cusumStart`.
 * Source: Page (1954); Montgomery, Introduction to Statistical Quality Control, ch. 9.
 */
export function cusumStep(state: CusumState, value: number, options: CusumOptions): CusumState {
  const z = (value - options.mean) / options.deviation;
  if (!Number.isFinite(z)) {
    const detail = `the value is ${value}, the deviation ${options.deviation}`;
    throw new StatisticsError("VALUE_NOT_FINITE", detail);
  }
  const rise = Math.max(0, state.rise + z - options.allowance);
  const fall = Math.max(0, state.fall - z - options.allowance);
  const alarm = rise > options.threshold ? "rise" : fall > options.threshold ? "fall" : "none";
  return { rise, fall, alarm };
}

/**
 * Values until a (false) alarm on average, when the mean has moved by `shift` standard deviations (default 0:
 * no change), for normal values: Siegmund's approximation, (e^(−2Δb) + 2Δb − 1) / 2Δ² with b = threshold +
 * 1.166 and Δ = ±shift − allowance, within 4 % for thresholds from 4 on.
 */
export function cusumRunLength({
  allowance,
  threshold,
  shift = 0,
}: Pick<CusumOptions, "allowance" | "threshold"> & { readonly shift?: number }): number {
  const b = threshold + 1.166;
  const rate = (drift: number): number =>
    Math.abs(drift) < 1e-9 ? 1 / (b * b) : (2 * drift * drift) / (Math.expm1(-2 * drift * b) + 2 * drift * b);
  return 1 / (rate(shift - allowance) + rate(-shift - allowance));
}

/** The threshold at which false alarms come once in `runLength` values on average. */
export function cusumThreshold({
  allowance,
  runLength,
}: Pick<CusumOptions, "allowance"> & { readonly runLength: number }): number {
  const missing = (threshold: number): number => runLength - cusumRunLength({ allowance, threshold });
  if (!(missing(0) > 0)) {
    throw new StatisticsError("OUT_OF_RANGE", `a run length of ${runLength} is too short for any threshold`);
  }
  return bisectFalling(missing, 0, upperBracket(missing, 1));
}

export const cusumTest: StatisticalTest = {
  name: "cusum",
  title: "Cumulative sum (CUSUM)",
  family: "online detection",
  takes: ["stream"],
  values: ["numeric", "binary"],
  larger: "more evidence of a change",
  formula: "C = max(0, C + z − k), z = (x − mean) / σ; alarm when C > h",
  unit: "standard deviations of one value",
  range: [0, Infinity],
  minimumValues: 1,
  validity: "mean and deviation known from the reference; run lengths hold for normal values",
  source: "Page (1954); Siegmund (1985); Montgomery (2012)",
};
