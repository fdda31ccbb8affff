import fc from "fast-check";
import { expect, test } from "vitest";
import {
  compileFeatureSet,
  count,
  distinct,
  labelRate,
  maximum,
  minimum,
  rate,
  ratioToNormal,
  secondsSinceFirst,
  secondsSinceLast,
  standardDeviation,
  sum,
  zScore,
  type FeatureDefinition,
  type FeatureSet,
  type Filter,
} from "../src/index.ts";
import { amount, cardEntity, online, payment, small, type Payment } from "./payments.ts";
import { acceptedBy, between, labelRateOf, lengthOf } from "./reference.ts";
import { stateAfter, streams } from "./streams.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
/** No ring at all: everything comes from tiles. */
const card = cardEntity(0);
const spans = [
  { window: "1h", tileMs: 5 * minuteMs },
  { window: "24h", tileMs: 2 * hourMs },
  { window: "7d", tileMs: 12 * hourMs },
  { window: "90d", tileMs: 6 * dayMs },
] as const;
/** All payments, and those that a filter accepts. */
const choices = [
  ["all payments", {}],
  ["those that a filter accepts", { where: online }],
] as const;

test.each(choices)(
  "a total of %s from tiles differs by at most the oldest tile, if late its own",
  (_, only) => {
    const options = { ...only, includesCurrent: false, missing: 0 };
    const featureSet = compileFeatureSet<Payment>({
      entities: [card],
      features: spans.flatMap(({ window }) => [
        count(card, window, options),
        sum(card, amount, window, options),
        maximum(card, amount, window, options),
      ]),
    });
    const [entity] = featureSet.entities;
    if (entity === undefined) throw new Error("no entity");
    const property = fc.property(streams(60), (stream) => {
      const vector = new Float32Array(featureSet.size);
      for (const [position, now] of stream.entries()) {
        const arrived = stream.slice(0, position);
        const past = arrived.filter(acceptedBy(options.where));
        featureSet.compute(now, [stateAfter(entity, arrived)], vector, 0);
        const atMs = now.occurredAtMs;
        for (const [row, { window, tileMs }] of spans.entries()) {
          const fromMs = atMs - lengthOf(window);
          const ownTileEndsMs = (Math.floor(atMs / tileMs) + 1) * tileMs - 1;
          const least = totalsOf(between(past, fromMs + tileMs, atMs));
          const most = totalsOf(between(past, fromMs, ownTileEndsMs));
          for (const [column, value] of vector.subarray(row * 3, row * 3 + 3).entries()) {
            expect(value).toBeGreaterThanOrEqual(Math.fround(least[column] ?? 0));
            expect(value).toBeLessThanOrEqual(Math.fround(most[column] ?? 0));
          }
        }
      }
    });
    fc.assert(property, { numRuns: 50 });
  },
);

test("from tiles, a filtered feature is what it would be had nothing else happened", () => {
  const [all, filtered] = [undefined, online].map((where) =>
    compileFeatureSet<Payment>({ entities: [card], features: tileFeatures(where) }),
  );
  if (all === undefined || filtered === undefined) throw new Error("no feature sets");
  const property = fc.property(streams(50), (stream) => {
    const accepted = stream.filter(acceptedBy(online));
    const atMs = Math.max(...stream.map(({ occurredAtMs }) => occurredAtMs));
    for (const laterMs of [0, 20 * minuteMs, 3 * dayMs]) {
      const now = payment(atMs + laterMs, { id: "now", online: true, amount: 99 });
      expect(valuesOf(filtered, stream, now)).toEqual(valuesOf(all, accepted, now));
    }
  });
  fc.assert(property, { numRuns: 50 });
});

test("a delayed count holds nothing newer than its delay", () => {
  const featureSet = compileFeatureSet<Payment>({
    entities: [card],
    features: [count(card, "30d", { delay: "7d" })],
  });
  const [entity] = featureSet.entities;
  if (entity === undefined) throw new Error("no entity");
  const tileMs = dayMs;
  const property = fc.property(streams(60), (stream) => {
    const vector = new Float32Array(1);
    for (const [position, now] of stream.entries()) {
      const past = stream.slice(0, position);
      featureSet.compute(now, [stateAfter(entity, past)], vector, 0);
      const untilMs = now.occurredAtMs - 7 * dayMs;
      const fromMs = untilMs - 30 * dayMs;
      expect(vector[0]).toBeGreaterThanOrEqual(between(past, fromMs, untilMs - tileMs).length);
      expect(vector[0]).toBeLessThanOrEqual(between(past, fromMs - tileMs, untilMs).length);
    }
  });
  fc.assert(property, { numRuns: 50 });
});

test("a label rate from tiles is of the labels applied so far, in tiles that ended a delay ago", () => {
  const features = choices.map(([, only]) => labelRate(card, "30d", { ...only, delay: "7d" }));
  const featureSet = compileFeatureSet<Payment>({ entities: [card], features });
  const [entity] = featureSet.entities;
  if (entity === undefined) throw new Error("no entity");
  const labels = fc.array(fc.option(fc.integer({ min: 1, max: 60 * dayMs }), { nil: undefined }), {
    minLength: 40,
    maxLength: 40,
  });
  const property = fc.property(streams(40), labels, (stream, delaysMs) => {
    const state = entity.empty();
    const arrived = new Set<string>();
    const past: Payment[] = [];
    for (const now of stream) {
      for (const [position, event] of past.entries()) {
        const labelledAtMs = event.occurredAtMs + (delaysMs[position] ?? Number.POSITIVE_INFINITY);
        if (labelledAtMs > now.occurredAtMs || arrived.has(event.id)) continue;
        entity.applyLabel(state, { transaction: event, fraud: true, labelledAtMs });
        arrived.add(event.id);
      }
      const vector = new Float32Array(featureSet.size);
      featureSet.compute(now, [state], vector, 0);
      const expected = features.map((feature) =>
        labelRateOf(feature, { past, frauds: arrived, tileMs: dayMs }, now.occurredAtMs),
      );
      expect([...vector]).toEqual(expected.map((share) => (Number.isNaN(share) ? -1 : Math.fround(share))));
      entity.apply(state, now);
      past.push(now);
    }
  });
  fc.assert(property, { numRuns: 50 });
});

test("a label of the last seven days is not seen, though it has arrived; nor one taken back", () => {
  const featureSet = compileFeatureSet<Payment>({
    entities: [card],
    features: [labelRate(card, "30d", { delay: "7d" })],
  });
  const [entity] = featureSet.entities;
  if (entity === undefined) throw new Error("no entity");
  const startMs = Date.UTC(2026, 5, 1);
  const labelledAtMs = startMs + 21 * dayMs;
  const events = [0, 1, 2, 20].map((days) => payment(startMs + days * dayMs));
  const state = stateAfter(entity, events);
  const rateAt = (atMs: number): number => {
    const vector = new Float32Array(1);
    featureSet.compute(payment(atMs), [state], vector, 0);
    return vector[0] ?? Number.NaN;
  };
  const [first, second, , last] = events;
  if (first === undefined || second === undefined || last === undefined) throw new Error("no events");
  for (const transaction of [first, second, last]) {
    entity.applyLabel(state, { transaction, fraud: true, labelledAtMs });
  }
  expect(rateAt(labelledAtMs)).toBe(Math.fround(2 / 3));
  expect(rateAt(startMs + 28 * dayMs)).toBe(0.75);
  entity.applyLabel(state, { transaction: first, fraud: false, labelledAtMs });
  expect(rateAt(labelledAtMs)).toBe(Math.fround(1 / 3));
});

test("without a ring, distinct values are estimated within a fifth up to 500, and few nearly exactly", () => {
  const featureSet = compileFeatureSet<Payment>({
    entities: [card],
    features: [distinct(card, "shop", "24h")],
  });
  const [entity] = featureSet.entities;
  if (entity === undefined) throw new Error("no entity");
  const startMs = Date.UTC(2026, 5, 1);
  for (const values of [1, 10, 100, 500]) {
    const payments = Array.from({ length: 1000 }, (_unused, position) =>
      payment(startMs + position * minuteMs, { shop: `shop-${position % values}` }),
    );
    const vector = new Float32Array(1);
    const last = payments.at(-1) ?? payment(startMs);
    featureSet.compute(last, [stateAfter(entity, payments)], vector, 0);
    expect(Math.abs((vector[0] ?? 0) - values)).toBeLessThanOrEqual(Math.max(1, values / 5));
  }
});

test("without a ring, distinct values that a filter accepts are estimated of those alone", () => {
  const featureSet = compileFeatureSet<Payment>({
    entities: [card],
    features: spans.flatMap(({ window }) => [
      distinct(card, "shop", window, { where: online, includesCurrent: false }),
      distinct(card, "shop", window, { where: online }),
    ]),
  });
  const [entity] = featureSet.entities;
  if (entity === undefined) throw new Error("no entity");
  const property = fc.property(streams(40), (stream) => {
    const past = stream.slice(0, -1);
    const now = stream.at(-1) ?? payment(0);
    const vector = new Float32Array(featureSet.size);
    featureSet.compute(now, [stateAfter(entity, past)], vector, 0);
    const shopsWithin = (fromMs: number, untilMs: number, own: readonly Payment[]): number =>
      new Set([...between(past, fromMs, untilMs), ...own].filter(acceptedBy(online)).map(({ shop }) => shop))
        .size;
    for (const [row, { window, tileMs }] of spans.entries()) {
      const fromMs = now.occurredAtMs - lengthOf(window);
      const ownTileEndsMs = (Math.floor(now.occurredAtMs / tileMs) + 1) * tileMs - 1;
      // Of 4 shops linear counting is off by less than a twentieth.
      for (const [column, own] of [[], [now]].entries()) {
        const estimated = Math.round(vector[row * 2 + column] ?? Number.NaN);
        expect(estimated).toBeGreaterThanOrEqual(shopsWithin(fromMs + tileMs, now.occurredAtMs, own));
        expect(estimated).toBeLessThanOrEqual(shopsWithin(fromMs, ownTileEndsMs, own));
      }
    }
  });
  fc.assert(property, { numRuns: 50 });
});

/** What tiles serve, with a filter or without; of a share it is the base that is filtered. */
function tileFeatures(filter: Filter<Payment> | undefined): readonly FeatureDefinition<Payment>[] {
  const only = filter === undefined ? {} : { where: filter };
  const among = filter === undefined ? {} : { among: filter };
  const inWindows = (["1h", "24h", "7d"] as const).flatMap((window) => [
    minimum(card, amount, window, only),
    standardDeviation(card, amount, window, only),
    ratioToNormal(card, amount, window, only),
    zScore(card, amount, window, only),
    distinct(card, "shop", window, only),
    rate(card, small, window, among),
    labelRate(card, window, { ...only, delay: window }),
  ]);
  return [...inWindows, secondsSinceLast(card, only), secondsSinceFirst(card, only)];
}

/** The vector after payments of which those in some shops are fraud, in one by a label that is taken back. */
function valuesOf(
  featureSet: FeatureSet<Payment>,
  past: readonly Payment[],
  now: Payment,
): readonly number[] {
  const [entity] = featureSet.entities;
  if (entity === undefined) throw new Error("no entity");
  const state = stateAfter(entity, past);
  for (const transaction of past) {
    const label = { transaction, labelledAtMs: 0 };
    if (transaction.shop !== "a") entity.applyLabel(state, { ...label, fraud: true });
    if (transaction.shop === "b") entity.applyLabel(state, { ...label, fraud: false });
  }
  const vector = new Float32Array(featureSet.size);
  featureSet.compute(now, [state], vector, 0);
  return [...vector];
}

/** Number, sum and maximum in euros. */
function totalsOf(events: readonly Payment[]): readonly number[] {
  const cents = events.map((event) => Math.round(event.amount * 100));
  const sum = cents.reduce((total, value) => total + value, 0);
  return [cents.length, sum / 100, Math.max(0, ...cents) / 100];
}
