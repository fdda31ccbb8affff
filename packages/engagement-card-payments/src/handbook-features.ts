import {
  count,
  derived,
  labelRate,
  maximum,
  mean,
  ofTransaction,
  ratio,
  ratioToNormal,
  secondsSinceLast,
  zScore,
  type EntityDefinition,
  type FeatureDefinition,
  type FeatureSetDefinition,
  type Measure,
} from "@tollgate/features";
import { amountInEuros } from "./currency.ts";
import type { CardPayment } from "./transaction.ts";

type Feature = FeatureDefinition<CardPayment>;

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const nightEndsHour = 6;
const saturday = 5;

/** The rings hold more than 30 days of the busiest customer (155) and 37 of the busiest terminal (95). */
const customer: EntityDefinition<CardPayment> = {
  name: "customer",
  description: "A customer of the Handbook's simulation: one card each.",
  version: 1,
  consistency: "transactional",
  key: (payment) => payment.cardId,
  retentionDays: 120,
  recentCapacity: 256,
};

/**
 * The rings reach over 37 days of the busiest terminal, so label rates are exact. Where they did not, a rate
 * would come from 48 tiles a window and end at most 30 minutes, 3 or 12 hours early (of 1, 7 and 30 days).
 */
const terminal: EntityDefinition<CardPayment> = {
  name: "terminal",
  description: "A terminal of the Handbook's simulation.",
  version: 1,
  consistency: "streamed",
  key: (payment) => payment.terminalId,
  retentionDays: 60,
  recentCapacity: 128,
  recentLabels: 128,
  tilesPerWindow: 48,
};

const euros: Measure<CardPayment> = {
  name: "amount",
  unit: "EUR",
  step: 0.01,
  of: (payment) => amountInEuros(payment.amountMinor, payment.currency),
};

const delay = "7d";
const publishedWindows = ["1d", "7d", "30d"] as const;
/**
 * Between the published ones; some an hour or two short of whole weeks, so that their tiles would be of one
 * or two hours. A terminal stays compromised for 28 days, of which 21 can be known.
 */
const fineWindows = ["3d", "167h", "335h", "502h", "718h"] as const;
const normal = mean(customer, euros, "90d", {
  includesCurrent: false,
  description: "Mean amount of the customer over the 90 days before this payment.",
});
/** Far outside of what a z-score reaches, as -1 is a common one. */
const noZScore = -100;

/** The 15 features of the Handbook's chapter 3; "night" is the hours 0 to 6, whatever the season. */
const published: readonly Feature[] = [
  ofTransaction<CardPayment>("amount", { unit: "EUR", description: "Amount.", value: euros.of }),
  ofTransaction<CardPayment>("is_weekend", {
    unit: "0 or 1",
    description: "1 on Saturdays and Sundays.",
    value: ({ occurredAtMs }) => ((Math.floor(occurredAtMs / dayMs) + 3) % 7 >= saturday ? 1 : 0),
  }),
  ofTransaction<CardPayment>("is_night", {
    unit: "0 or 1",
    description: "1 in the hours 0 to 6.",
    value: ({ occurredAtMs }) => (Math.floor((occurredAtMs % dayMs) / hourMs) <= nightEndsHour ? 1 : 0),
  }),
  ...publishedWindows.flatMap((window) => [count(customer, window), mean(customer, euros, window)]),
  ...publishedWindows.flatMap((window) => riskOf(window)),
];

/** What the published set lacks: the card's own normal, and finer windows of the terminal's risk. */
const beyond: readonly Feature[] = [
  normal,
  ...(["30d", "90d"] as const).flatMap((window) => [
    ratioToNormal(customer, euros, window),
    zScore(customer, euros, window, { missing: noZScore }),
  ]),
  secondsSinceLast(customer),
  ...(["1d", "3d", "7d", "14d", "30d"] as const).flatMap((window) => {
    const largest = maximum(customer, euros, window);
    return [largest, ratio(`largest_to_normal_${window}`, largest, normal)];
  }),
  ...fineWindows.flatMap((window) => riskOf(window)),
  // Frauds of ordinary amounts tell of a compromised terminal; large ones are of a card, or of their size.
  ...(["1d", "3d", "7d"] as const).map((window) => mean(terminal, euros, window, { delay })),
  derived<CardPayment>("highest_risk_28d", {
    unit: "share",
    description: "The highest of the terminal's shares of fraud: above 0 when any of 28 days is known.",
    from: ["1d", "3d", "335h", "502h"].map((window) => `terminal@v1:label_rate_${window}_delay_${delay}`),
    // A window without transactions has a rate of 0, which says as much as one without frauds.
    takesMissing: true,
    value: Math.max,
  }),
];

/** Of the evaluation on the Fraud Detection Handbook's data only; labels are known after seven days. */
export const handbookFeatureSet: FeatureSetDefinition<CardPayment> = {
  entities: [customer, terminal],
  features: [...published, ...beyond],
};

/** How many of the features, from the first, are the Handbook's own. */
export const handbookPublishedFeatures: number = published.length;

/** A terminal's transactions and its share of fraud in a window that ended a delay ago; 0 without any. */
function riskOf(window: (typeof publishedWindows | typeof fineWindows)[number]): readonly Feature[] {
  return [count(terminal, window, { delay }), labelRate(terminal, window, { delay, missing: 0 })];
}
