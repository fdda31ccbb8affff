import { expect, test } from "vitest";
import {
  compileFeatureSet,
  derived,
  difference,
  distanceSinceLast,
  distinct,
  firstSeen,
  maximum,
  minimum,
  ofTransaction,
  rate,
  ratio,
  ratioToNormal,
  secondsSinceFirst,
  secondsSinceLast,
  speedSinceLast,
  standardDeviation,
  sum,
  topCategoryShare,
  zScore,
  type FeatureDefinition,
  type Filter,
} from "../src/index.ts";
import { amount, cardEntity, online, payment, place, type Payment } from "./payments.ts";

const minuteMs = 60_000;
const startMs = Date.UTC(2026, 2, 1, 12);
const missing = -1;
const card = cardEntity(4);
const cheap: Filter<Payment> = { name: "cheap", accepts: (one) => one.amount < 25 };

/** The values of the last of some features for each payment of a card, in order. */
function valuesOf(
  features: FeatureDefinition<Payment> | readonly FeatureDefinition<Payment>[],
  payments: readonly Payment[],
): readonly number[] {
  const featureSet = compileFeatureSet<Payment>({ entities: [card], features: [features].flat() });
  const [entity] = featureSet.entities;
  if (entity === undefined) throw new Error("no entity");
  const state = entity.empty();
  return payments.map((now, position) => {
    const vector = new Float32Array(featureSet.size);
    featureSet.compute(now, [position === 0 ? null : state], vector, 0);
    entity.apply(state, now);
    return vector.at(-1) ?? Number.NaN;
  });
}

function noneOf(length: number): readonly number[] {
  return Array.from({ length }, () => missing);
}

function paymentsOf(amounts: readonly number[]): readonly Payment[] {
  return amounts.map((euros, step) => payment(startMs + step * minuteMs, { amount: euros }));
}

test("time since last is missing first, then seconds, and 0 for an event that comes late", () => {
  const times = [0, 30_000, 20_000, 90_000].map((offsetMs) => payment(startMs + offsetMs));
  expect(valuesOf(secondsSinceLast(card), times)).toEqual([missing, 30, 0, 60]);
  expect(valuesOf(secondsSinceFirst(card), times)).toEqual([missing, 30, 20, 90]);
});

test("first seen is missing without history, 1 for a new value, 0 for a known one", () => {
  const shops = ["a", "a", "b", "a"].map((name, step) => payment(startMs + step * minuteMs, { shop: name }));
  expect(valuesOf(firstSeen(card, "shop"), shops)).toEqual([missing, 0, 1, 0]);
});

test("distinct counts this value and those of the window, not those before it", () => {
  const steps = [
    ["a", 0],
    ["b", 10],
    ["b", 20],
    ["c", 75],
  ] as const;
  const payments = steps.map(([name, minutes]) => payment(startMs + minutes * minuteMs, { shop: name }));
  expect(valuesOf(distinct(card, "shop", "1h"), payments)).toEqual([1, 2, 2, 2]);
  expect(valuesOf(distinct(card, "shop", "1h", { includesCurrent: false }), payments)).toEqual([0, 1, 2, 1]);
  expect(valuesOf(topCategoryShare(card, "shop", "1h"), payments).map((share) => share.toFixed(2))).toEqual([
    "1.00",
    "0.50",
    "0.67",
    "0.50",
  ]);
});

test("the ratio to the card's own normal needs three payments before and leaves this one out", () => {
  expect(valuesOf(ratioToNormal(card, amount, "30d"), paymentsOf([10, 20, 30, 100]))).toEqual([
    missing,
    missing,
    missing,
    5,
  ]);
});

test("a z-score counts the standard deviations of those before; equal amounts have none", () => {
  const options = { missing: -100 };
  const scores = valuesOf(zScore(card, amount, "30d", options), paymentsOf([10, 10, 10, 10, 20, 17]));
  expect(scores.slice(0, 5)).toEqual([-100, -100, -100, -100, -100]);
  expect(scores[5]).toBeCloseTo((17 - 12) / 4, 5);
});

test("smallest, largest, spread and share are of the window and this payment", () => {
  const amounts = paymentsOf([10, 30, 20]);
  expect(valuesOf(minimum(card, amount, "1h"), amounts)).toEqual([10, 10, 10]);
  expect(valuesOf(maximum(card, amount, "1h"), amounts)).toEqual([10, 30, 30]);
  expect(valuesOf(maximum(card, amount, "1h", { includesCurrent: false }), amounts)).toEqual([
    missing,
    10,
    30,
  ]);
  expect(valuesOf(standardDeviation(card, amount, "1h"), amounts).slice(0, 2)).toEqual([missing, 10]);
  const channels = [true, false, true].map((isOnline, step) =>
    payment(startMs + step * minuteMs, { online: isOnline }),
  );
  expect(valuesOf(rate(card, online, "7d"), channels).slice(0, 2)).toEqual([1, 0.5]);
});

test("Berlin to Paris in one hour is 878 km at 878 km/h; without a place it is missing", () => {
  const payments = [
    payment(startMs, { latitude: 52.52, longitude: 13.405 }),
    payment(startMs + 30 * minuteMs),
    payment(startMs + 60 * minuteMs, { latitude: 48.8566, longitude: 2.3522 }),
  ];
  for (const feature of [distanceSinceLast(card, place), speedSinceLast(card, place)]) {
    const [first, second, third] = valuesOf(feature, payments);
    expect([first, second]).toEqual([missing, missing]);
    expect(third).toBeCloseTo(877.5, 0);
  }
});

test("with a filter only what it accepts is the past, and any payment is compared with it", () => {
  const steps = [
    ["a", true, 10],
    ["b", false, 500],
    ["a", true, 20],
    ["c", true, 30],
    ["b", false, 80],
  ] as const;
  const payments = steps.map(([name, isOnline, euros], step) =>
    payment(startMs + step * minuteMs, { shop: name, online: isOnline, amount: euros }),
  );
  const only = { where: online };
  const late = paymentsOf([1, 2, 3]).map((one) => ({ ...one, online: false }));
  // The ring of four has forgotten the first one by then; the state's own times have not.
  expect(valuesOf(ratioToNormal(card, amount, "1h", only), payments)).toEqual([...noneOf(4), 4]);
  const scores = valuesOf(zScore(card, amount, "1h", only), payments);
  expect(scores.at(-1)).toBeCloseTo((80 - 20) / Math.sqrt(200 / 3), 4);
  expect(valuesOf(firstSeen(card, "shop", only), payments)).toEqual([missing, 1, 0, 1, 1]);
  expect(valuesOf(firstSeen(card, "shop", only), late)).toEqual(noneOf(3));
  expect(valuesOf(distinct(card, "shop", "1h", only), payments)).toEqual([1, 1, 1, 2, 2]);
  expect(valuesOf(topCategoryShare(card, "shop", "1h", only), payments)[4]).toBeCloseTo(2 / 3, 6);
  expect(valuesOf(secondsSinceLast(card, only), payments)).toEqual([missing, 60, 120, 60, 60]);
  expect(valuesOf(secondsSinceFirst(card, only), payments)).toEqual([missing, 60, 120, 180, 240]);
  expect(valuesOf(secondsSinceLast(card, only), late)).toEqual(noneOf(3));
  expect(valuesOf(rate(card, cheap, "1h", { among: online }), payments)[4]).toBeCloseTo(2 / 3, 6);
});

test("what is derived is made of the vector, in any order of definition, and missing with its inputs", () => {
  const hour = sum(card, amount, "1h");
  const normal = ratioToNormal(card, amount, "30d");
  const share = ratio<Payment>("share", "card@v1:sum_amount_1h", "card@v1:sum_amount_7d");
  const doubled = derived("doubled", {
    unit: "ratio",
    description: "Twice the share.",
    from: [share],
    value: (part) => 2 * part,
  });
  const amounts = paymentsOf([10, 20, 30, 60]);
  expect(valuesOf([share, hour, sum(card, amount, "7d"), doubled], amounts)).toEqual([2, 2, 2, 2]);
  expect(valuesOf([hour, sum(card, amount, "7d"), doubled, share], amounts)).toEqual([1, 1, 1, 1]);
  const own = ofTransaction<Payment>("one", { unit: "ratio", description: "One.", value: () => 1 });
  expect(valuesOf([own, normal, difference("above", normal, own)], amounts)).toEqual([
    missing,
    missing,
    missing,
    2,
  ]);
});

test("what takes missing inputs is given what stands for them, and means something else", () => {
  const normal = ratioToNormal(card, amount, "30d");
  const options = { unit: "ratio", description: "Ten more.", from: [normal], value: (by: number) => by + 10 };
  const [skips, takes] = [derived("more", options), derived("more", { ...options, takesMissing: true })];
  const amounts = paymentsOf([10, 20, 30, 60]);
  expect(valuesOf([normal, skips], amounts)).toEqual([missing, missing, missing, 13]);
  expect(valuesOf([normal, takes], amounts)).toEqual([9, 9, 9, 13]);
  const hashOf = (feature: FeatureDefinition<Payment>): string =>
    compileFeatureSet<Payment>({ entities: [card], features: [normal, feature] }).hash;
  expect(hashOf(takes)).not.toBe(hashOf(skips));
});
