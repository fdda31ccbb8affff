import { createRandom, type Random } from "@tollgate/engagement";
import type { KindOfChange } from "./kind-of-change.ts";
import { addBots, addCampaign } from "./planted-traffic.ts";
import type { SimulatedPayment } from "./simulated-row.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const twoWeeks = 14;
const amounts = [
  "transaction:amount",
  // Of the amount alone: what was a round sum is none after it.
  "transaction:is_round_amount",
  "card@v1:amount_to_normal",
  "merchant@v1:amount_to_normal",
  "terminal@v1:amount_to_normal",
];

/** The twelve kinds of change; the first in two sizes, the campaign announced and not. */
export const kindsOfChange: readonly KindOfChange[] = [
  {
    name: "amounts 10 % higher",
    kind: "amount inflation",
    shouldAlarm: true,
    named: amounts,
    days: twoWeeks,
    change: (payments) => payments.map((payment) => withAmount(payment, 1.1)),
  },
  {
    name: "amounts doubled",
    kind: "amount inflation",
    shouldAlarm: true,
    named: amounts,
    days: 7,
    change: (payments) => payments.map((payment) => withAmount(payment, 2)),
  },
  {
    name: "pharmacies vanish",
    kind: "a category vanishes",
    shouldAlarm: true,
    named: ["transaction:merchantCategoryCode"],
    days: 7,
    change: (payments) => payments.filter(({ transaction }) => transaction.merchantCategoryCode !== "5912"),
  },
  {
    name: "card@v1:count_24h stuck at -1",
    kind: "a feature stuck at its default",
    shouldAlarm: true,
    named: ["card@v1:count_24h"],
    days: 7,
    change: (payments) => payments,
    damage: (columns) => {
      const column = columns.get("card@v1:count_24h") ?? -1;
      return (vector) => void vector.fill(-1, column, column + 1);
    },
  },
  {
    name: "euros sent as cents",
    kind: "unit change",
    shouldAlarm: true,
    named: amounts,
    days: 7,
    change: (payments) => payments.map((payment) => withAmount(payment, 0.01)),
  },
  {
    name: "2 % of payments in Brazil",
    kind: "a new country",
    shouldAlarm: true,
    named: ["transaction:country"],
    days: 7,
    change: (payments) => withRandom(payments, "country", moveToBrazil),
  },
  {
    name: "a quarter of the cards pays 12 hours later",
    kind: "night shift",
    shouldAlarm: true,
    named: ["transaction:hour_of_day", "traffic:decisions"],
    days: 7,
    change: (payments) => inOrder(payments.map(shiftNight)),
  },
  {
    name: "0.8 % of payments are fraud that looks ordinary",
    kind: "a new fraud pattern",
    shouldAlarm: true,
    named: ["performance:fraud_score", "labels:frauds"],
    days: 21,
    change: (payments) => withRandom(payments, "fraud", makeFraud),
  },
  {
    name: "labels come a week later",
    kind: "label delay",
    shouldAlarm: true,
    named: [
      "labels:delay",
      "labels:delay_customer",
      "labels:delay_issuer",
      "labels:delay_analyst",
      "labels:frauds",
    ],
    days: 21,
    change: (payments) => payments.map(delayLabel),
  },
  {
    name: "amounts grow by 0.2 % a day for 48 days",
    kind: "slow seasonal change",
    shouldAlarm: false,
    named: [],
    days: 48,
    change: (payments, fromMs) =>
      payments.map((payment) => {
        const day = (payment.transaction.occurredAtMs - fromMs) / dayMs;
        return withPrice(payment, 1 + 0.002 * day);
      }),
  },
  {
    name: "nothing but the weekend",
    kind: "weekend",
    shouldAlarm: false,
    named: [],
    days: 7,
    change: (payments) => payments,
  },
  {
    name: "4 % more payments, one web shop, one day, announced",
    kind: "campaign day",
    shouldAlarm: false,
    named: [],
    days: 7,
    change: addCampaign,
    settings: (fromMs) => ({
      announced: [{ name: "campaign", fromMs: fromMs + 2 * dayMs, untilMs: fromMs + 3 * dayMs }],
    }),
  },
  {
    name: "1 % of traffic are bots",
    kind: "bot traffic",
    shouldAlarm: true,
    named: [
      "card@v1:count_10m",
      "card@v1:count_1h",
      "card@v1:count_small_1h",
      "card@v1:count_24h",
      "card@v1:count_not_present_24h",
      "card@v1:seconds_since_last",
      "merchant@v1:count_small_1h",
      "terminal@v1:count_small_1h",
      "terminal@v1:count_1h",
      "terminal@v1:count_24h",
    ],
    days: 7,
    change: addBots,
  },
];

function withAmount(payment: SimulatedPayment, factor: number): SimulatedPayment {
  const amountMinor = Math.max(1, Math.round(payment.transaction.amountMinor * factor));
  return { ...payment, transaction: { ...payment.transaction, amountMinor } };
}

/** Prices rise; what is drawn from a cash machine stays a round sum. */
function withPrice(payment: SimulatedPayment, factor: number): SimulatedPayment {
  return payment.transaction.amountMinor % noteMinor === 0 ? payment : withAmount(payment, factor);
}

/** The smallest note, 10.00. */
const noteMinor = 1_000;

function withRandom(
  payments: readonly SimulatedPayment[],
  name: string,
  change: (payment: SimulatedPayment, random: Random) => SimulatedPayment,
): readonly SimulatedPayment[] {
  const random = createRandom(plantedSeed, name);
  return payments.map((payment) => change(payment, random));
}

/** What is planted does not depend on the stream's seed. */
const plantedSeed = 99;

function moveToBrazil(payment: SimulatedPayment, random: Random): SimulatedPayment {
  return random.chance(0.02)
    ? { ...payment, transaction: { ...payment.transaction, country: "BR" } }
    : payment;
}

function shiftNight(payment: SimulatedPayment): SimulatedPayment {
  const { transaction } = payment;
  const card = Number(/\d{6}/u.exec(transaction.cardId)?.[0] ?? 0);
  if (card % 4 !== 0) return payment;
  const occurredAtMs = transaction.occurredAtMs + 12 * hourMs;
  const label = payment.label && { ...payment.label, labelledAtMs: payment.label.labelledAtMs + 12 * hourMs };
  const occurredAt = new Date(occurredAtMs).toISOString();
  return { ...payment, label, transaction: { ...transaction, occurredAtMs, occurredAt } };
}

function inOrder(payments: readonly SimulatedPayment[]): readonly SimulatedPayment[] {
  return payments.toSorted((a, b) => a.transaction.occurredAtMs - b.transaction.occurredAtMs);
}

/** Ordinary payments at terminals: nothing in them is unusual, only the owner says it was not him. */
function makeFraud(payment: SimulatedPayment, random: Random): SimulatedPayment {
  const { transaction, pattern } = payment;
  if (pattern !== undefined || transaction.channel !== "card-present" || !random.chance(0.012))
    return payment;
  const delayMs = Math.min(4 * dayMs, random.logNormal(14 * hourMs, 1));
  const labelledAtMs = Math.floor(transaction.occurredAtMs + delayMs);
  return { transaction, pattern: "planted", label: { labelledAtMs, source: "customer", fraud: true } };
}

function delayLabel(payment: SimulatedPayment): SimulatedPayment {
  const { label } = payment;
  if (label === undefined) return payment;
  const labelledAtMs = label.labelledAtMs + 7 * dayMs;
  return { ...payment, label: { ...label, labelledAtMs } };
}
