import type { Engagement } from "@tollgate/engagement";
import { amountInEuros } from "./currency.ts";
import { datasets } from "./datasets.ts";
import { directions } from "./directions.ts";
import { featureSet } from "./features.ts";
import { rules } from "./rules.ts";
import { simulate } from "./simulation/simulate.ts";
import { transactionSchema, type CardPayment } from "./transaction.ts";

/** The default engagement: cards, merchants, terminals. */
export const engagement: Engagement<CardPayment> = {
  name: "card-payments",
  description: "Card payments at terminals and in web shops, of European cardholders.",
  transaction: transactionSchema,
  featureSet,
  rules,
  policy: {
    alertBudgetShare: 0.01,
    declineBudgetShare: 0.003,
    costs: { reviewMinor: 300, blockedGoodMinor: 1500, missedFraudShare: 1 },
    // By channel the risk itself differs; by age and region honest people should be stopped alike.
    fairness: { segments: ["age_band", "region"], falsePositiveRateRatioMin: 0.5 },
    directions,
  },
  service: {
    scoringLatencyP99Ms: 100,
    availabilityShare: 0.999,
    freshnessP99Ms: 2000,
    transactionsPerSecond: 10_000,
  },
  monitoring: {
    valueMinor: (payment) => Math.round(amountInEuros(payment.amountMinor, payment.currency) * 100),
    segmentBy: ["channel"],
    // Somebody is called for nothing about twice a year.
    settings: { expectedFalseAlarmsPerMonth: 0.2 },
  },
  datasets,
  simulate,
};
