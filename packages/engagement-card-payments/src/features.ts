import {
  count,
  distanceSinceLast,
  distinct,
  firstSeen,
  labelRate,
  mean,
  ofTransaction,
  ratioToNormal,
  recent,
  secondsSinceFirst,
  secondsSinceLast,
  speedSinceLast,
  standardDeviation,
  sum,
  topCategoryShare,
  zScore,
  type Category,
  type FeatureDefinition,
  type FeatureSetDefinition,
  type Filter,
  type Measure,
  type Place,
  type SequenceDefinition,
} from "@tollgate/features";
import { amountInEuros } from "./currency.ts";
import { card, merchant, terminal } from "./entities.ts";
import { isHighRiskCategory, isTestingCategory } from "./merchant-category.ts";
import type { CardPayment } from "./transaction.ts";

type Feature = FeatureDefinition<CardPayment>;

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

const euros: Measure<CardPayment> = {
  name: "amount",
  unit: "EUR",
  step: 0.01,
  of: (payment) => amountInEuros(payment.amountMinor, payment.currency),
};

const notPresent: Filter<CardPayment> = {
  name: "not_present",
  accepts: (payment) => payment.channel === "card-not-present",
};

/** Card testing spends next to nothing; below this a payment is "small". */
const smallEuros = 10;
const small: Filter<CardPayment> = { name: "small", accepts: (payment) => euros.of(payment) < smallEuros };

/** Where the card itself was: web shops are in any country without anyone having travelled. */
const atTerminal: Filter<CardPayment> = {
  name: "at_terminal",
  accepts: (payment) => payment.channel === "card-present",
};
const place: Place<CardPayment> = {
  name: "terminal",
  latitude: "latitude",
  longitude: "longitude",
  where: atTerminal,
};
const terminalCountry: Category<CardPayment> = {
  name: "terminal_country",
  of: (payment) => (atTerminal.accepts(payment) ? payment.country : undefined),
};

const ofPayment: readonly Feature[] = [
  ofTransaction("amount", {
    unit: "EUR",
    description: "Amount in euros.",
    range: { min: 0 },
    value: euros.of,
  }),
  ofTransaction("hour_of_day", {
    unit: "hours",
    description: "Hour of the day in UTC, with fraction.",
    range: { min: 0, max: 24 },
    value: ({ occurredAtMs }) => (occurredAtMs - daysSince1970(occurredAtMs) * dayMs) / hourMs,
  }),
  ofTransaction("day_of_week", {
    unit: "days since Monday",
    description: "Day of the week in UTC.",
    range: { min: 0, max: 6 },
    value: ({ occurredAtMs }) => (daysSince1970(occurredAtMs) + 3) % 7,
  }),
  flag("is_card_not_present", "1 for e-commerce and mail order.", notPresent.accepts),
  flag(
    "is_magnetic_stripe",
    "1 when the stripe was read instead of the chip.",
    (payment) => payment.entryMode === "magnetic-stripe",
  ),
  flag("is_high_risk_category", "1 for goods that are easily turned into money.", (payment) =>
    isHighRiskCategory(payment.merchantCategoryCode),
  ),
  flag("is_testing_category", "1 for checkouts where stolen cards are tried first.", (payment) =>
    isTestingCategory(payment.merchantCategoryCode),
  ),
  flag(
    "is_round_amount",
    "1 for a whole multiple of 50 major units.",
    (payment) => payment.amountMinor > 0 && payment.amountMinor % 5000 === 0,
  ),
];

const ofCard: readonly Feature[] = [
  count(card, "10m"),
  count(card, "1h"),
  count(card, "24h"),
  count(card, "7d"),
  count(card, "1h", { where: small }),
  count(card, "24h", { where: notPresent }),
  sum(card, euros, "1h"),
  sum(card, euros, "24h"),
  sum(card, euros, "7d"),
  mean(card, euros, "30d"),
  standardDeviation(card, euros, "30d"),
  ratioToNormal(card, euros, "30d", { name: "amount_to_normal" }),
  // Far below any z-score of an amount, which is seldom under -5: trees split it off.
  zScore(card, euros, "30d", { missing: -100 }),
  distinct(card, "merchantId", "1h"),
  distinct(card, "merchantId", "24h"),
  distinct(card, "deviceId", "7d"),
  distinct(card, terminalCountry, "24h"),
  topCategoryShare(card, "merchantCategoryCode", "30d"),
  firstSeen(card, "merchantId"),
  firstSeen(card, "deviceId"),
  firstSeen(card, terminalCountry),
  secondsSinceLast(card),
  secondsSinceFirst(card),
  distanceSinceLast(card, place),
  speedSinceLast(card, place),
];

const ofPlaces: readonly Feature[] = [
  count(merchant, "1h"),
  count(merchant, "24h"),
  count(merchant, "1h", { where: small }),
  mean(merchant, euros, "7d"),
  ratioToNormal(merchant, euros, "30d", { name: "amount_to_normal" }),
  labelRate(merchant, "30d", { delay: "7d" }),
  count(terminal, "1h"),
  count(terminal, "24h"),
  count(terminal, "1h", { where: small }),
  distinct(terminal, "cardId", "1h"),
  ratioToNormal(terminal, euros, "30d", { name: "amount_to_normal" }),
  labelRate(terminal, "30d", { delay: "7d" }),
];

/** What the network looks back on: features count what these say one by one. */
const recentPayments: SequenceDefinition<CardPayment> = recent(card, {
  measures: [euros],
  filters: [notPresent, atTerminal],
  sameCategories: ["merchantId", "merchantCategoryCode", "deviceId", terminalCountry],
});

export const featureSet: FeatureSetDefinition<CardPayment> = {
  entities: [card, merchant, terminal],
  features: [...ofPayment, ...ofCard, ...ofPlaces],
  sequence: recentPayments,
};

/** As a 32-bit integer: the remainder of one is an instruction, that of a double a call. */
function daysSince1970(atMs: number): number {
  return Math.floor(atMs / dayMs) | 0;
}

function flag(name: string, description: string, holds: (payment: CardPayment) => boolean): Feature {
  const value = (payment: CardPayment): number => (holds(payment) ? 1 : 0);
  return ofTransaction(name, { unit: "0 or 1", description, range: { min: 0, max: 1 }, value });
}
