import { expect, test } from "vitest";
import {
  compileFeatureSet,
  count,
  describeDifference,
  ratio,
  sum,
  zScore,
  type EntityDefinition,
  type FeatureDefinition,
  type FeatureSet,
} from "../src/index.ts";
import { amount, cardEntity, online, payment, type Payment } from "./payments.ts";

const card = cardEntity(4);

function setOf(
  features: readonly FeatureDefinition<Payment>[],
  entity: EntityDefinition<Payment> = card,
): FeatureSet<Payment> {
  return compileFeatureSet<Payment>({ entities: [entity], features });
}

test("the fingerprint changes with everything that gives a value its meaning, and with nothing else", () => {
  const base = sum(card, amount, "24h");
  const printOf = (feature: FeatureDefinition<Payment>, entity = card): string | undefined =>
    setOf([feature], entity).features[0]?.fingerprint;
  const others = [
    sum(card, { ...amount, revision: 2 }, "24h"),
    sum(card, { ...amount, step: 1 }, "24h"),
    sum(card, { ...amount, unit: "cents" }, "24h"),
    sum(card, amount, "7d"),
    sum(card, amount, "24h", { where: online }),
    sum(card, amount, "24h", { missing: 0 }),
    sum(card, amount, "24h", { delay: "24h" }),
    sum(card, amount, "24h", { includesCurrent: false }),
  ].map((feature) => printOf(feature));
  const larger = cardEntity(8);
  const newer = cardEntity(4, { version: 2 });
  const finer = cardEntity(4, { tilesPerWindow: 24 });
  for (const entity of [larger, newer, finer]) others.push(printOf(sum(entity, amount, "24h"), entity));
  expect(new Set([printOf(base), ...others]).size).toBe(12);
  const words = { description: "Other words.", range: { max: 5 }, name: "spent" };
  expect(printOf(sum(card, amount, "24h", words))).toBe(printOf(base));
  expect(printOf(sum(card, amount, "1440m"))).toBe(printOf(base));
});

test("a derived feature changes its fingerprint with what it is made of", () => {
  const shareOf = (window: "24h" | "7d"): string | undefined => {
    const parts = [count(card, "1h"), count(card, window, { name: "all" })] as const;
    return setOf([...parts, ratio("share", parts[0], parts[1])]).features[2]?.fingerprint;
  };
  expect(shareOf("7d")).not.toBe(shareOf("24h"));
});

test("the hash of a set changes with its order, and is the same for the same definitions", () => {
  const features = [count(card, "1h"), sum(card, amount, "24h")];
  expect(setOf(features).hash).toBe(setOf([count(card, "1h"), sum(card, amount, "24h")]).hash);
  expect(setOf(features.toReversed()).hash).not.toBe(setOf(features).hash);
});

test("a model's columns are found in a larger set of another order", () => {
  const trained = setOf([count(card, "1h"), sum(card, amount, "24h")]);
  const served = setOf([sum(card, amount, "24h"), count(card, "7d"), count(card, "1h")]);
  expect(served.columnsOf(trained.features)).toEqual({ accepted: true, columns: Int32Array.of(2, 0) });
});

test("a model is refused with what is missing, changed and new, and what changed", () => {
  const trained = setOf([count(card, "1h"), count(card, "24h"), sum(card, amount, "24h")]);
  const served = setOf([count(card, "24h", { missing: 0 }), sum(card, amount, "24h"), count(card, "7d")]);
  const difference = {
    missing: ["card@v1:count_1h"],
    changed: ["card@v1:count_24h"],
    added: ["card@v1:count_7d"],
  };
  expect(served.columnsOf(trained.features)).toEqual({ accepted: false, difference });
  expect(describeDifference(trained.features, served.features)).toEqual([
    "card@v1:count_1h is expected and is not there",
    "card@v1:count_24h means something else now: missingValue -1 → 0",
    "card@v1:count_7d is new",
  ]);
});

test("values outside their range are counted in their column; the missing value is not", () => {
  const set = setOf([
    count(card, "1h", { range: { max: 2 } }),
    zScore(card, amount, "24h", { missing: "not-a-number", range: { min: -5, max: 5 } }),
    sum(card, amount, "1h"),
  ]);
  const counts = new Uint32Array(set.size);
  expect(set.countOutOfRange(Float32Array.of(2, Number.NaN, 1), 0, counts)).toBe(0);
  expect(set.countOutOfRange(Float32Array.of(9, 3, 6, Number.NaN), 1, counts)).toBe(3);
  expect([...counts]).toEqual([1, 1, 1]);
  const vector = new Float32Array(set.size);
  set.compute(payment(0), [null], vector, 0);
  expect([...vector]).toEqual([1, Number.NaN, 10]);
});
