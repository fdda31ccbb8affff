import type { Counts, Numbers } from "../checks.ts";
import type { StatisticalTest, TestName } from "../statistical-test.ts";

/** Where the bins of a numeric histogram lie; only the Wasserstein distance asks. */
export interface BinPositions {
  /** One value that stands for each bin, ascending: the reference's mean in it. */
  readonly centres: Numbers;
  /** What the distance is divided by: the reference's standard deviation. */
  readonly scale: number;
}

/** A statistical test that says how far a window lies from the reference. */
export interface DriftMeasure extends StatisticalTest {
  readonly name: DriftMeasureName;
  /**
   * Without drift, the figure is of the size (1/n + 1/m)^exponent for a window of n and a reference of m:
   * by it a null distribution of one window's size serves another.
   */
  readonly nullExponent: 0 | 0.5 | 1;
  ofCounts(reference: Counts, current: Counts, positions?: BinPositions): number;
  /** Absent where raw values have no meaning without bins. */
  ofSamples?(reference: Numbers, current: Numbers): number;
}

export type DriftMeasureName = Extract<
  TestName,
  | "population-stability-index"
  | "kolmogorov-smirnov"
  | "jensen-shannon"
  | "wasserstein"
  | "hellinger"
  | "chi-square"
  | "l-infinity"
>;
