import { expect, test } from "vitest";
import { compileFeatureSet, type FeatureDefinition } from "../src/index.ts";
import { aggregate, amount, cardEntity, payment, shop, type Payment } from "./payments.ts";

const minuteMs = 60_000;
const startMs = Date.UTC(2026, 2, 1, 12);
const missing = -1;

/** The values of one feature for each payment of a card, in order. */
function valuesOf(feature: FeatureDefinition<Payment>, payments: readonly Payment[]): readonly number[] {
  const featureSet = compileFeatureSet<Payment>({ entities: [cardEntity(4)], features: [feature] });
  const [card] = featureSet.entities;
  if (card === undefined) throw new Error("no entity");
  const state = card.empty();
  return payments.map((now, position) => {
    const vector = new Float32Array(1);
    featureSet.compute(now, [position === 0 ? null : state], vector, 0);
    card.apply(state, now);
    return vector[0] ?? Number.NaN;
  });
}

const texts = { description: "", unit: "" };

test("time since last is missing first, then seconds, and 0 for an event that comes late", () => {
  const feature: FeatureDefinition<Payment> = { kind: "time-since-last", entity: "card", ...texts };
  const times = [0, 30_000, 20_000, 90_000].map((offsetMs) => payment(startMs + offsetMs));
  expect(valuesOf(feature, times)).toEqual([missing, 30, 0, 60]);
});

test("first seen is missing without history, 1 for a new value, 0 for a known one", () => {
  const feature: FeatureDefinition<Payment> = {
    kind: "first-seen",
    entity: "card",
    category: shop,
    ...texts,
  };
  const shops = ["a", "a", "b", "a"].map((name, step) => payment(startMs + step * minuteMs, { shop: name }));
  expect(valuesOf(feature, shops)).toEqual([missing, 0, 1, 0]);
});

test("distinct counts this value and those of the window, not those before it", () => {
  const feature: FeatureDefinition<Payment> = {
    kind: "distinct",
    entity: "card",
    category: shop,
    window: "1h",
    ...texts,
  };
  const steps = [
    ["a", 0],
    ["b", 10],
    ["b", 20],
    ["c", 75],
  ] as const;
  const payments = steps.map(([name, minutes]) => payment(startMs + minutes * minuteMs, { shop: name }));
  expect(valuesOf(feature, payments)).toEqual([1, 2, 2, 2]);
});

test("the ratio to the card's own normal needs three payments before and leaves this one out", () => {
  const feature: FeatureDefinition<Payment> = {
    kind: "ratio-to-normal",
    entity: "card",
    measure: amount,
    ...texts,
  };
  const payments = [10, 20, 30, 100].map((euros, step) =>
    payment(startMs + step * minuteMs, { amount: euros }),
  );
  expect(valuesOf(feature, payments)).toEqual([missing, missing, missing, 5]);
});

test("Berlin to Paris in one hour is 878 km at 878 km/h; without a place it is missing", () => {
  const place = (where: Payment): { latitude: number; longitude: number } | undefined =>
    where.latitude === undefined || where.longitude === undefined
      ? undefined
      : { latitude: where.latitude, longitude: where.longitude };
  const payments = [
    payment(startMs, { latitude: 52.52, longitude: 13.405 }),
    payment(startMs + 30 * minuteMs),
    payment(startMs + 60 * minuteMs, { latitude: 48.8566, longitude: 2.3522 }),
  ];
  for (const kind of ["distance-since-last", "speed-since-last"] as const) {
    const [first, second, third] = valuesOf({ kind, entity: "card", place, ...texts }, payments);
    expect([first, second]).toEqual([missing, missing]);
    expect(third).toBeCloseTo(877.5, 0);
  }
});

test("a definition that does not hold together is refused with what to mend", () => {
  const compile = (features: readonly FeatureDefinition<Payment>[], capacity = 4): unknown =>
    compileFeatureSet<Payment>({ entities: [cardEntity(capacity)], features });
  expect(() => compile([aggregate("count", "1h"), aggregate("count", "1h")])).toThrow("defined twice");
  expect(() => compile([{ kind: "time-since-last", entity: "shop", ...texts }])).toThrow("known are: card");
  expect(() => compile([{ kind: "first-seen", entity: "card", category: shop, ...texts }], 0)).toThrow(
    "recentCapacity 0",
  );
});

test("the hash changes with order, unit, window and entity version, and with nothing else", () => {
  const hashOf = (features: readonly FeatureDefinition<Payment>[], version = 1): string =>
    compileFeatureSet<Payment>({ entities: [{ ...cardEntity(4), version }], features }).hash;
  const count = aggregate("count", "1h");
  const sum = aggregate("sum", "1h");
  const base = hashOf([count, sum]);
  expect(hashOf([{ ...count, description: "other words" }, sum])).toBe(base);
  const others = [
    hashOf([sum, count]),
    hashOf([{ ...count, unit: "payments" }, sum]),
    hashOf([aggregate("count", "24h"), sum]),
    hashOf([count, sum], 2),
  ];
  expect(new Set([base, ...others]).size).toBe(5);
});
