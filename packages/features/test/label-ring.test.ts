import fc from "fast-check";
import { expect, test } from "vitest";
import { compileFeatureSet, labelRate, type EntityState, type FeatureSet } from "../src/index.ts";
import { cardEntity, type Payment } from "./payments.ts";
import { bytesOf, streams } from "./streams.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const [windowMs, delayMs] = [dayMs, 7 * dayMs];

function featureSetWith(recentLabels: number): FeatureSet<Payment> {
  const card = cardEntity(64, recentLabels === 0 ? {} : { recentLabels });
  return compileFeatureSet<Payment>({ entities: [card], features: [labelRate(card, "1d", { delay: "7d" })] });
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
function exactRate(stream: readonly Payment[], now: Payment): number {
  const untilMs = now.occurredAtMs - delayMs;
  const held = [...stream.entries()].filter(
    ([, { occurredAtMs }]) => occurredAtMs > untilMs - windowMs && occurredAtMs <= untilMs,
  );
  const frauds = held.filter(([position]) => position % 2 === 0 && position % 6 !== 0);
  return held.length === 0 ? -1 : Math.fround(frauds.length / held.length);
}

test("with a ring of labels a label rate is exact to the millisecond", () => {
  const featureSet = featureSetWith(64);
  const property = fc.property(streams(50), fc.integer({ min: 0, max: 20 }), (stream, later) => {
    const state = stateOf(featureSet, stream);
    const middle = stream[Math.floor(stream.length / 2)];
    if (middle === undefined) return;
    for (const atMs of [delayMs, delayMs + windowMs, delayMs + later * hourMs]) {
      for (const edgeMs of [-1, 0, 1]) {
        const now = { ...middle, id: "now", occurredAtMs: middle.occurredAtMs + atMs + edgeMs };
        expect(rateAt(featureSet, state, now)).toBe(exactRate(stream, now));
      }
    }
  });
  fc.assert(property);
});

test("a label that the ring had no room for sends the rate to the tiles, as without a ring", () => {
  const [small, none] = [featureSetWith(3), featureSetWith(0)];
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
    expect(rateAt(small, states[0], beyond)).toBe(exactRate(stream, beyond));
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
