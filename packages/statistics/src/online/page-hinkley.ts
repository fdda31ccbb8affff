import { StatisticsError } from "../errors.ts";
import type { StatisticalTest } from "../statistical-test.ts";

export interface PageHinkleyOptions {
  /** Change of the mean that is borne, in the unit of the values. */
  readonly delta: number;
  /** Sum of excesses that alarms, in the unit of the values. */
  readonly threshold: number;
  /** No alarm before this many values: the mean must settle first. */
  readonly minimumValues: number;
}

/** Plain JSON; all that must be kept between values. */
export interface PageHinkleyState {
  readonly count: number;
  readonly mean: number;
  /** Cumulated excess over mean + delta, less its minimum so far: at least 0. */
  readonly rise: number;
  /** The same downwards. */
  readonly fall: number;
  readonly alarm: "rise" | "fall" | "none";
}

export const pageHinkleyStart: PageHinkleyState = { count: 0, mean: 0, rise: 0, fall: 0, alarm: "none" };

/**
 * Page and Hinkley's test for a change of a stream's mean, two-sided: m(t) = Σ (x − x̄ − δ), alarm when
 * m(t) − min m > threshold; x̄ is the running mean, so that no mean need be known. After an alarm, begin anew
 * with `pageHinkleyStart`. Source: Page, Biometrika 41 (1954); Hinkley, Biometrika 58 (1971).
 */
export function pageHinkleyStep(
  state: PageHinkleyState,
  value: number,
  { delta, threshold, minimumValues }: PageHinkleyOptions,
): PageHinkleyState {
  if (!Number.isFinite(value)) throw new StatisticsError("VALUE_NOT_FINITE", `the value is ${value}`);
  const count = state.count + 1;
  const mean = state.mean + (value - state.mean) / count;
  const rise = Math.max(0, state.rise + value - mean - delta);
  const fall = Math.max(0, state.fall + mean - value - delta);
  const ready = count >= minimumValues;
  const alarm = ready && rise > threshold ? "rise" : ready && fall > threshold ? "fall" : "none";
  return { count, mean, rise, fall, alarm };
}

export const pageHinkleyTest: StatisticalTest = {
  name: "page-hinkley",
  title: "Page-Hinkley test",
  family: "online detection",
  takes: ["stream"],
  values: ["numeric", "binary"],
  larger: "more evidence of a change",
  formula: "m(t) = Σ (x − x̄ − δ); alarm when m − min m > threshold",
  unit: "that of the values",
  range: [0, Infinity],
  minimumValues: 30,
  validity: "the mean is learned while it watches: a change in the first values is not seen",
  source: "Page (1954); Hinkley (1971)",
};
