/** What a test takes: raw values, counts of bins, scores with labels, a stream, or counts of successes. */
export type TestInput = "samples" | "counts" | "scores and labels" | "scores" | "stream" | "p-values";

export type TestFamily =
  | "drift"
  | "multiple testing"
  | "online detection"
  | "performance"
  | "calibration"
  | "sequential"
  | "assignment"
  | "interval";

export type TestName =
  | "population-stability-index"
  | "kolmogorov-smirnov"
  | "jensen-shannon"
  | "wasserstein"
  | "hellinger"
  | "chi-square"
  | "l-infinity"
  | "benjamini-hochberg"
  | "page-hinkley"
  | "cusum"
  | "area-under-roc"
  | "average-precision"
  | "confidence-based-estimate"
  | "isotonic-calibration"
  | "expected-calibration-error"
  | "bounded-mean-sequence"
  | "proportion-sequence"
  | "proportion-difference-sequence"
  | "normal-mixture-sequence"
  | "sample-ratio-mismatch"
  | "sequential-sample-ratio-mismatch"
  | "bootstrap-interval";

/** What a person must know before reading a test's figure. */
export interface StatisticalTest {
  /** Stable, for machines: metrics, configuration, stored tables. */
  readonly name: TestName;
  /** As the field calls it. */
  readonly title: string;
  readonly family: TestFamily;
  readonly takes: readonly TestInput[];
  /** Kinds of values it has meaning for. */
  readonly values: readonly ("numeric" | "categorical" | "binary")[];
  /** What a larger figure says. */
  readonly larger:
    | "more drift"
    | "more evidence of a change"
    | "less evidence of a change"
    | "better"
    | "worse"
    | "wider";
  readonly formula: string;
  readonly unit: string;
  /** Both ends can be reached, unless infinite. */
  readonly range: readonly [number, number];
  /** Values of the window below which the figure says nothing. */
  readonly minimumValues: number;
  readonly validity: string;
  readonly source: string;
}
