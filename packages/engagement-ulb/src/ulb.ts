import type { Engagement } from "@tollgate/engagement";
import { dataset } from "./dataset.ts";
import { featureSet } from "./features.ts";
import { rules } from "./rules.ts";
import { simulate } from "./simulate.ts";
import { transactionSchema, type UlbPayment } from "./transaction.ts";

/** A second engagement, on real anonymised payments: the platform knows nothing of cards. */
export const engagement: Engagement<UlbPayment> = {
  name: "ulb",
  description: "The ULB credit card set: real payments of two days, anonymised by principal components.",
  transaction: transactionSchema,
  featureSet,
  rules,
  policy: {
    alertBudgetShare: 0.005,
    declineBudgetShare: 0.001,
    costs: { reviewMinor: 300, blockedGoodMinor: 1500, missedFraudShare: 1 },
  },
  service: {
    scoringLatencyP99Ms: 100,
    availabilityShare: 0.999,
    freshnessP99Ms: 2000,
    transactionsPerSecond: 10_000,
  },
  monitoring: {
    valueMinor: ({ amountMinor }) => amountMinor,
    // The set has no text but the id: nothing divides its payments into segments.
    segmentBy: [],
    // Somebody is called for nothing about twice a year, as for card-payments.
    settings: { expectedFalseAlarmsPerMonth: 0.2 },
  },
  datasets: [dataset],
  simulate,
};
