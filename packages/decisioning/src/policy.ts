/** What the client can bear: the trainer turns it into thresholds, which travel in the model's manifest. */
export interface Policy {
  /** Share of transactions that analysts can look at, in [0, 1]: review and decline together. */
  readonly alertBudgetShare: number;
  /** Share of transactions that may be declined outright, in [0, 1]. */
  readonly declineBudgetShare: number;
  /** Cost of one outcome, in minor units of the base currency. */
  readonly costs: {
    readonly reviewMinor: number;
    readonly blockedGoodMinor: number;
    /** Share of a missed fraud's amount that is lost. */
    readonly missedFraudShare: number;
  };
  /** What sets the review threshold; the alert budget where nothing is said. The report shows all three. */
  readonly reviewThreshold?: {
    /** `leastCost` is of the costs above, with nothing declined. */
    readonly by: "alertBudget" | "falsePositiveRate" | "leastCost";
    /** Largest share of honest transactions that may be alerts, in [0, 1]; 0.005 where nothing is said. */
    readonly falsePositiveRateMax?: number;
  };
  /** Limits how unequally honest people may be stopped; a model that is surely beyond is not registered. */
  readonly fairness?: {
    /** Attributes of people (`segment_<name>` of the training rows), never features. */
    readonly segments: readonly string[];
    /** Least false_positive_rate_ratio: the lowest group's rate divided by the highest's, in [0, 1]. */
    readonly falsePositiveRateRatioMin: number;
  };
  /** Holds for every model that is trained from then on; a model that is there already serves as it is. */
  readonly directions?: Directions;
}

/** Features by name whose direction is known: models are fitted so, and refused where they differ. */
export interface Directions {
  /** A larger value of one, all else equal, must never lower a score. What stands for missing counts too. */
  readonly neverSafer: readonly string[];
  /** A larger value must never raise a score. */
  readonly neverRiskier: readonly string[];
}

/** Scores from which a transaction is reviewed or declined. */
export interface Thresholds {
  readonly review: number;
  readonly decline: number;
}

/** Throws when the thresholds could not make sense. */
export function assertThresholds(thresholds: Thresholds): void {
  const { review, decline } = thresholds;
  if (!(review > 0 && review <= decline && decline <= 1)) {
    throw new Error(
      `thresholds must be 0 < review <= decline <= 1, got review ${review}, decline ${decline}`,
    );
  }
}
