/** How a drift measure is distributed when nothing has drifted, for one window's size. */
export interface NullDistribution {
  /** `analytic`: a known law; `bootstrap`: drawn from the reference; `empirical`: past healthy windows. */
  readonly method: "analytic" | "bootstrap" | "empirical";
  readonly mean: number;
  /** P(measure ≥ statistic) without drift. */
  pValue(statistic: number): number;
  /** The figure that is reached with probability `survival` without drift, 0 < survival < 1. */
  critical(survival: number): number;
}
