import { decisionsOf, outcomesOf, sumsByOutcome, type WindowCounts } from "./window-counts.ts";

/** Costs of the engagement's policy (`Policy.costs`). */
export interface BusinessCosts {
  readonly reviewMinor: number;
  readonly blockedGoodMinor: number;
  /** Share of a missed fraud's value that is lost. */
  readonly missedFraudShare: number;
}

/** What a window meant in money, as far as labels have arrived; minor units. */
export interface BusinessFigures {
  /** Fraud that was declined or sent to review, and fraud that was approved. */
  readonly fraudValueCaughtMinor: number;
  readonly fraudValueMissedMinor: number;
  /** Value of payments that were declined and are not known to be fraud. */
  readonly goodValueBlockedMinor: number;
  /** NaN of an empty window, as all that is divided by its decisions. */
  readonly approvalRate: number;
  /** Reviews, blocked good payments and missed fraud, for 1,000 decisions. */
  readonly costPerThousandMinor: number;
}

export function businessFigures(window: WindowCounts, costs: BusinessCosts): BusinessFigures {
  const { sums } = window.layout;
  const outcomes = outcomesOf(window);
  const values = sumsByOutcome(window, sums.value);
  const fraudValues = sumsByOutcome(window, sums.fraudValue);
  const frauds = sumsByOutcome(window, sums.frauds);
  const decisions = decisionsOf(window);
  const cost =
    outcomes.review * costs.reviewMinor +
    (outcomes.decline - frauds.decline) * costs.blockedGoodMinor +
    fraudValues.approve * costs.missedFraudShare;
  return {
    fraudValueCaughtMinor: fraudValues.review + fraudValues.decline,
    fraudValueMissedMinor: fraudValues.approve,
    goodValueBlockedMinor: values.decline - fraudValues.decline,
    approvalRate: outcomes.approve / decisions,
    costPerThousandMinor: (1000 * cost) / decisions,
  };
}
