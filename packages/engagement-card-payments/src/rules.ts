import type { RuleDefinition } from "@tollgate/decisioning";
import { amountInEuros } from "./currency.ts";
import type { CardPayment } from "./transaction.ts";

/** Missing features are -1: every comparison below is one that -1 cannot pass. */
export const rules: readonly RuleDefinition<CardPayment>[] = [
  {
    code: "IMPOSSIBLE_TRAVEL",
    description: "The card was used at two terminals further apart than an aircraft could have flown.",
    outcome: "decline",
    features: ["card@v1:kilometres_since_last", "card@v1:kilometres_per_hour_since_last"],
    when: (_payment, kilometres = -1, kilometresPerHour = -1) => kilometres > 200 && kilometresPerHour > 1000,
  },
  {
    code: "CARD_TESTING_BURST",
    description: "Small payments of one card within minutes, with a second device: someone tries it out.",
    outcome: "decline",
    features: ["card@v1:count_small_1h", "card@v1:count_10m", "card@v1:distinct_device_7d"],
    when: (payment, smallInHour = -1, inTenMinutes = -1, devices = -1) =>
      payment.channel === "card-not-present" && smallInHour >= 3 && inTenMinutes >= 3 && devices >= 2,
  },
  {
    code: "CARD_VELOCITY_10M",
    description: "More payments of one card within ten minutes than a person makes.",
    outcome: "review",
    features: ["card@v1:count_10m"],
    when: (_payment, inTenMinutes = -1) => inTenMinutes >= 6,
  },
  {
    code: "CARD_VELOCITY_24H",
    description: "More than 30 payments of one card within a day.",
    outcome: "review",
    features: ["card@v1:count_24h"],
    when: (_payment, inDay = -1) => inDay > 30,
  },
  {
    code: "AMOUNT_ABOVE_LIMIT",
    description: "A single payment of more than 10,000 euros.",
    outcome: "review",
    features: [],
    when: (payment) => amountInEuros(payment.amountMinor, payment.currency) > 10_000,
  },
  {
    code: "AMOUNT_FAR_ABOVE_NORMAL",
    description: "More than ten times the card's own normal, and more than 500 euros.",
    outcome: "review",
    features: ["card@v1:amount_to_normal", "transaction:amount"],
    when: (_payment, ratio = -1, euros = -1) => ratio > 10 && euros > 500,
  },
  {
    code: "SPEND_SPIKE_1H",
    description: "More than 3,000 euros of one card within an hour, spread over three or more merchants.",
    outcome: "review",
    features: ["card@v1:sum_amount_1h", "card@v1:distinct_merchant_1h"],
    when: (_payment, eurosInHour = -1, merchants = -1) => eurosInHour > 3000 && merchants >= 3,
  },
  {
    code: "NEW_DEVICE_HIGH_AMOUNT",
    description: "A device the card has not used before, and far more than the card's normal.",
    outcome: "review",
    features: ["card@v1:first_seen_device", "card@v1:amount_to_normal"],
    when: (payment, newDevice = -1, ratio = -1) =>
      payment.channel === "card-not-present" && newDevice === 1 && ratio > 4,
  },
  {
    code: "NEW_DEVICE_HIGH_RISK_GOODS",
    description: "A device the card has not used before buys goods that are easily turned into money.",
    outcome: "review",
    features: ["card@v1:first_seen_device", "transaction:is_high_risk_category", "transaction:amount"],
    when: (_payment, newDevice = -1, highRisk = -1, euros = -1) =>
      newDevice === 1 && highRisk === 1 && euros > 150,
  },
  {
    code: "MANY_DEVICES",
    description: "Four or more devices on one card within a week.",
    outcome: "review",
    features: ["card@v1:distinct_device_7d"],
    when: (_payment, devices = -1) => devices >= 4,
  },
  {
    code: "MANY_COUNTRIES",
    description: "One card at terminals of three or more countries within a day.",
    outcome: "review",
    features: ["card@v1:distinct_terminal_country_24h"],
    when: (_payment, countries = -1) => countries >= 3,
  },
  {
    code: "MAGNETIC_STRIPE_ABROAD",
    description: "The stripe was read instead of the chip, in a country new to the card.",
    outcome: "review",
    features: ["transaction:is_magnetic_stripe", "card@v1:first_seen_terminal_country"],
    when: (_payment, stripe = -1, newCountry = -1) => stripe === 1 && newCountry === 1,
  },
  {
    code: "TERMINAL_SMALL_BURST",
    description: "A checkout takes a run of small payments, this one from a device new to the card.",
    outcome: "review",
    features: ["terminal@v1:count_small_1h", "terminal@v1:count_1h", "card@v1:first_seen_device"],
    when: (payment, smallInHour = -1, inHour = -1, newDevice = -1) =>
      payment.channel === "card-not-present" &&
      newDevice === 1 &&
      smallInHour >= 10 &&
      smallInHour > 0.8 * inHour,
  },
  {
    code: "NIGHT_HIGH_RISK_GOODS",
    description: "Goods that are easily turned into money, at night, far above the card's normal.",
    outcome: "review",
    features: ["transaction:hour_of_day", "transaction:is_high_risk_category", "card@v1:amount_to_normal"],
    when: (_payment, hour = -1, highRisk = -1, ratio = -1) =>
      hour >= 0 && hour < 5 && highRisk === 1 && ratio > 5,
  },
];
