import type { DriftResponse, DriftWindowKind } from "@tollgate/contracts";

/** What a deployment decides about its drift monitor. The unit of sensitivity is false alarms a month. */
export interface DriftSettings {
  /**
   * False alarms (`drifted` verdicts though nothing changed) a month that are accepted of one judge, over all
   * features and kinds of windows. Several judged segments share it: divide.
   */
  readonly expectedFalseAlarmsPerMonth: number;
  /** How that is shared among the kinds of windows; sums to 1. A kind with 0 never alarms. */
  readonly windowShares: Readonly<Record<DriftWindowKind, number>>;
  /** Decisions below which a window is inconclusive, and its baseline none. */
  readonly minimumDecisions: number;
  /** Labels below which what labels say is not tested. */
  readonly minimumLabels: number;
  /** Effects below which a significant change is a warning only; units as in `DriftFinding.effect`. */
  readonly effectFloors: Readonly<Record<"distribution" | "location" | "share" | "rate", number>>;
  /** PSI of a week against the reference from which a slow change is a warning, however gradual it was. */
  readonly slowChangeStabilityIndex: number;
  /** Events known beforehand (a campaign, a holiday): their windows never alarm and are no baseline. */
  readonly announced: readonly AnnouncedEvent[];
  /**
   * What to suggest: labels say so; the score moved; only inputs moved; inputs are broken and the score
   * moved.
   */
  readonly responses: Readonly<
    Record<"performance" | "prediction" | "input" | "data-quality", DriftResponse>
  >;
}

export interface AnnouncedEvent {
  readonly name: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

export const defaultDriftSettings: DriftSettings = {
  expectedFalseAlarmsPerMonth: 0.2,
  windowShares: { minutes: 0.1, hour: 0.2, day: 0.4, week: 0.3 },
  minimumDecisions: 200,
  minimumLabels: 20,
  effectFloors: { distribution: 0.005, location: 0.01, share: 0.01, rate: 0.2 },
  slowChangeStabilityIndex: 0.25,
  announced: [],
  responses: { performance: "retrain", prediction: "retrain", input: "review", "data-quality": "fall-back" },
};
