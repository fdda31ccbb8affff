import fc from "fast-check";
import { expect, test } from "vitest";
import {
  compileFeatureSet,
  labelRate,
  type EntityState,
  type FeatureSet,
  type LabelRateFeature,
} from "../src/index.ts";
import { cardEntity, online, type Payment } from "./payments.ts";
import { acceptedBy } from "./reference.ts";
import { bytesOf, streams } from "./streams.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const [windowMs, delayMs] = [dayMs, 7 * dayMs];

type Only = Pick<LabelRateFeature<Payment>, "where">;

const ofAll: Only = { where: undefined };
const choices = [
  ["all payments", ofAll],
  ["those that a filter accepts", { where: online }],
] as const;

function featureSetWith(recentLabels: number, { where }: Only = ofAll): FeatureSet<Payment> {
  const card = cardEntity(64, recentLabels === 0 ? {} : { recentLabels });
  const only = where === undefined ? {} : { where };
  const features = [labelRate(card, "1d", { ...only, delay: "7d" })];
  return compileFeatureSet<Payment>({ entities: [card], features });
}

function rateAt(featureSet: FeatureSet<Payment>, state: EntityState, now: Payment): number {
  const vector = new Float32Array(1);
  featureSet.compute(now, [state], vector, 0);
  return vector[0] ?? Number.NaN;
}

/** Payments, of which every second is fraud, every sixth by a label that was taken back. */
function stateOf(featureSet: FeatureSet<Payment>, stream: readonly Payment[]): EntityState {
  const [entity] = featureSet.entities;
  if (entity === undefined) throw new Error("no entity");
  const state = entity.empty();
  for (const transaction of stream) entity.apply(state, transaction);
  for (const [position, transaction] of stream.entries()) {
    const label = { transaction, labelledAtMs: 0 };
    if (position % 2 === 0) entity.applyLabel(state, { ...label, fraud: true });
    if (position % 6 === 0) entity.applyLabel(state, { ...label, fraud: false });
  }
  return state;
}

/** The definition in plain words: after one time, until another, both to the millisecond. */
function exactRate(stream: readonly Payment[], now: Payment, { where }: Only): number {
  const untilMs = now.occurredAtMs - delayMs;
  const held = [...stream.entries()].filter(
    ([, event]) =>
      event.occurredAtMs > untilMs - windowMs && event.occurredAtMs <= untilMs && acceptedBy(where)(event),
  );
  const frauds = held.filter(([position]) => position % 2 === 0 && position % 6 !== 0);
  return held.length === 0 ? -1 : Math.fround(frauds.length / held.length);
}

test.each(choices)("with a ring of labels the label rate of %s is exact to the millisecond", (_, only) => {
  const featureSet = featureSetWith(64, only);
  const property = fc.property(streams(50), fc.integer({ min: 0, max: 20 }), (stream, later) => {
    const state = stateOf(featureSet, stream);
    const middle = stream[Math.floor(stream.length / 2)];
    if (middle === undefined) return;
    for (const atMs of [delayMs, delayMs + windowMs, delayMs + later * hourMs]) {
      for (const edgeMs of [-1, 0, 1]) {
        const now = { ...middle, id: "now", occurredAtMs: middle.occurredAtMs + atMs + edgeMs };
        expect(rateAt(featureSet, state, now)).toBe(exactRate(stream, now, only));
      }
    }
  });
  fc.assert(property);
});

test.each(choices)("a label beyond the ring sends the rate of %s to the tiles, as without one", (_, only) => {
  const [small, none] = [featureSetWith(3, only), featureSetWith(0, only)];
  const property = fc.property(streams(50), (stream) => {
    const states = [stateOf(small, stream), stateOf(none, stream)] as const;
    const labelled = stream.filter((_, position) => position % 2 === 0).length;
    fc.pre(labelled > 3);
    const times = stream.flatMap(({ occurredAtMs }, position) => (position % 2 === 0 ? [occurredAtMs] : []));
    const latestLeftOutMs = times.toSorted((first, second) => second - first)[3] ?? 0;
    const [template] = stream;
    if (template === undefined) return;
    const within = { ...template, id: "now", occurredAtMs: latestLeftOutMs + delayMs + windowMs - 1 };
    expect(rateAt(small, states[0], within)).toBe(rateAt(none, states[1], within));
    const beyond = { ...within, occurredAtMs: latestLeftOutMs + delayMs + windowMs };
    expect(rateAt(small, states[0], beyond)).toBe(exactRate(stream, beyond, only));
  });
  fc.assert(property);
});

test("a set without a ring of labels keeps its bytes and its meanings", () => {
  const [without, zero] = [featureSetWith(0), cardEntity(64, { recentLabels: 0 })];
  const features = [labelRate(zero, "1d", { delay: "7d" })];
  const same = compileFeatureSet<Payment>({ entities: [zero], features });
  expect(same.hash).toBe(without.hash);
  expect(featureSetWith(3).hash).not.toBe(without.hash);
  const [first, second] = [stateOf(same, []), stateOf(without, [])];
  expect(bytesOf(first)).toBe(bytesOf(second));
});
