import fc from "fast-check";
import { expect, test } from "vitest";
import {
  compileFeatureSet,
  count,
  distanceSinceLast,
  distinct,
  firstSeen,
  maximum,
  mean,
  minimum,
  rate,
  ratioToNormal,
  secondsSinceFirst,
  secondsSinceLast,
  speedSinceLast,
  standardDeviation,
  sum,
  topCategoryShare,
  zScore,
  type CompiledEntity,
  type EntityDefinition,
  type EntityState,
  type FeatureDefinition,
  type Place,
  stateBytes,
} from "../src/index.ts";
import { amount, cardEntity, online, place, small, type Payment } from "./payments.ts";
import { exactValue, latest } from "./reference.ts";
import { streams } from "./streams.ts";

function ringFeatures(card: EntityDefinition<Payment>): readonly FeatureDefinition<Payment>[] {
  return [
    distinct(card, "shop", "1h"),
    distinct(card, "shop", "90d", { includesCurrent: false }),
    topCategoryShare(card, "shop", "7d"),
    firstSeen(card, "shop"),
    secondsSinceLast(card),
    secondsSinceFirst(card),
    distanceSinceLast(card, place),
    speedSinceLast(card, place),
  ];
}

/** Each of them with a filter; what is in the ring is of the ring's transactions that it accepts. */
function filteredRingFeatures(card: EntityDefinition<Payment>): readonly FeatureDefinition<Payment>[] {
  const onlineTill: Place<Payment> = { ...place, where: online };
  return [
    ...[online, small].flatMap((where) => [
      distinct(card, "shop", "24h", { where }),
      distinct(card, "shop", "90d", { where, includesCurrent: false }),
      topCategoryShare(card, "shop", "7d", { where }),
      topCategoryShare(card, "shop", "90d", { where, includesCurrent: false }),
      firstSeen(card, "shop", { where }),
      secondsSinceLast(card, { where }),
      secondsSinceFirst(card, { where }),
    ]),
    distanceSinceLast(card, onlineTill),
    speedSinceLast(card, onlineTill),
  ];
}

function filteredWindowFeatures(card: EntityDefinition<Payment>): readonly FeatureDefinition<Payment>[] {
  return [
    rate(card, small, "7d", { among: online }),
    rate(card, online, "90d", { among: small, includesCurrent: false }),
    ...[online, small].flatMap((where) => [
      mean(card, amount, "30d", { where, delay: "24h" }),
      standardDeviation(card, amount, "7d", { where }),
      ratioToNormal(card, amount, "30d", { where }),
      zScore(card, amount, "90d", { where }),
    ]),
  ];
}

function windowFeatures(card: EntityDefinition<Payment>): readonly FeatureDefinition<Payment>[] {
  return [
    count(card, "1m"),
    count(card, "24h", { where: online }),
    count(card, "30d", { delay: "7d" }),
    count(card, "1h", { includesCurrent: false }),
    sum(card, amount, "7d"),
    sum(card, amount, "7d", { where: online }),
    mean(card, amount, "90d"),
    mean(card, amount, "24h", { delay: "24h" }),
    standardDeviation(card, amount, "30d"),
    minimum(card, amount, "24h", { where: online }),
    maximum(card, amount, "7d", { includesCurrent: false }),
    rate(card, online, "7d"),
    ratioToNormal(card, amount, "30d"),
    zScore(card, amount, "90d"),
  ];
}

/** Where a feature of a payment differs from the reference, with a restart and a redelivery after each. */
function differencesFromReference(
  features: readonly FeatureDefinition<Payment>[],
  card: EntityDefinition<Payment>,
  stream: readonly Payment[],
): readonly unknown[] {
  const differences: unknown[] = [];
  const named = features.map((feature) => ({ ...feature, missing: "not-a-number" as const }));
  const featureSet = compileFeatureSet<Payment>({ entities: [card], features: named });
  const [entity] = featureSet.entities;
  if (entity === undefined) throw new Error("no entity");
  let state = entity.empty();
  const past: Payment[] = [];
  const vector = new Float32Array(featureSet.size);
  for (const now of stream) {
    featureSet.compute(now, [state], vector, 0);
    for (const [column, feature] of named.entries()) {
      const expected = exactValue(feature, past, now);
      const actual = vector[column] ?? Number.NaN;
      const tolerance = toleranceOf({ feature, card, past, now, expected });
      const isSame =
        tolerance === undefined ||
        Object.is(actual, Math.fround(expected)) ||
        Math.abs(actual - expected) <= tolerance;
      if (!isSame) differences.push({ id: now.id, feature: featureSet.names[column], actual, expected });
    }
    if (!entity.apply(state, now)) differences.push({ id: now.id, problem: "taken for a duplicate" });
    state = restarted(entity, state);
    past.push(now);
    const isHeld = card.recentCapacity > 0 && latest(past, card.recentCapacity).includes(now);
    if (isHeld && entity.apply(state, now)) differences.push({ id: now.id, problem: "counted twice" });
  }
  return differences;
}

test("while the ring holds a window every feature is exact, with ties, late events and restarts", () => {
  const card = cardEntity(64);
  const features = [...windowFeatures(card), ...ringFeatures(card)];
  const property = fc.property(streams(50), (stream) => {
    expect(differencesFromReference(features, card, stream)).toEqual([]);
  });
  fc.assert(property);
});

test("beyond the ring, what is defined on the latest transactions is exact for those", () => {
  const card = cardEntity(4);
  const features = ringFeatures(card);
  const property = fc.property(streams(40), (stream) => {
    expect(differencesFromReference(features, card, stream)).toEqual([]);
  });
  fc.assert(property);
});

test.each([64, 4])("with a filter they are exact for what it accepts (ring of %i)", (capacity) => {
  const card = cardEntity(capacity);
  const inRing = filteredRingFeatures(card);
  const features = capacity === 64 ? [...inRing, ...filteredWindowFeatures(card)] : inRing;
  const property = fc.property(streams(50), (stream) => {
    expect(differencesFromReference(features, card, stream)).toEqual([]);
  });
  fc.assert(property);
});

test("time since the last and the first that a filter accepts is exact without any ring", () => {
  const card = cardEntity(0);
  const features = [online, small].flatMap((where) => [
    secondsSinceLast(card, { where }),
    secondsSinceFirst(card, { where }),
  ]);
  const property = fc.property(streams(40), (stream) => {
    expect(differencesFromReference(features, card, stream)).toEqual([]);
  });
  fc.assert(property);
});

/** The state as another process sees it: from its bytes. */
function restarted(entity: CompiledEntity<Payment>, state: EntityState): EntityState {
  const loaded = entity.empty();
  stateBytes(loaded).set(stateBytes(state));
  return loaded;
}

interface Comparison {
  readonly feature: FeatureDefinition<Payment>;
  readonly card: EntityDefinition<Payment>;
  readonly past: readonly Payment[];
  readonly now: Payment;
  readonly expected: number;
}

/**
 * A spread is the root of a difference of float64 sums, which is good to 2^-47 of the greatest square: what
 * docs/specs/entity-state.md promises; undefined where that is nothing. All else is good to float32.
 */
function toleranceOf({ feature, card, past, now, expected }: Comparison): number | undefined {
  const float32 = Math.abs(expected) * 1e-6 + 1e-6;
  const isSpread = "aggregate" in feature && feature.aggregate === "standard-deviation";
  if (!isSpread && feature.kind !== "z-score") return float32;
  const { window, where } = feature;
  const only = where === undefined ? {} : { where };
  const spreadOf = standardDeviation(card, amount, window, { ...only, includesCurrent: isSpread });
  const variance = exactValue(spreadOf, past, now) ** 2;
  const error = 2 ** -47 * Math.max(...[...past, now].map((payment) => payment.amount)) ** 2;
  if (!(variance > 4 * error)) return undefined;
  return float32 + Math.abs(expected) * (error / variance);
}

test("equal amounts have no spread, however large they are", () => {
  const card = cardEntity(64);
  const features = [standardDeviation(card, amount, "30d"), zScore(card, amount, "90d")];
  const featureSet = compileFeatureSet<Payment>({ entities: [card], features });
  const state = featureSet.entities[0]?.empty();
  if (state === undefined) throw new Error("no entity");
  const vector = new Float32Array(2);
  for (let index = 0; index < 60; index += 1) {
    const payment = paymentOf(`p${index}`, 19_999_987.61);
    featureSet.compute(payment, [state], vector, 0);
    // -1 is "not known": one amount has no spread, and without a spread there is no z-score.
    expect([...vector]).toEqual([index === 0 ? -1 : 0, -1]);
    featureSet.entities[0]?.apply(state, payment);
  }
});

test("a spread that is small beside its amounts is as good as the specification says", () => {
  const card = cardEntity(64);
  const amounts = [19_999_256.33, 19_999_542.13, 0];
  const stream = amounts.map((payment, index) => paymentOf(`p${index}`, payment));
  expect(differencesFromReference(windowFeatures(card), card, stream)).toEqual([]);
});

function paymentOf(id: string, payment: number): Payment {
  const occurredAtMs = 1_767_571_200_000;
  const occurredAt = new Date(occurredAtMs).toISOString();
  return { id, occurredAt, occurredAtMs, card: "c1", amount: payment, shop: "a", online: false };
}
