import fc from "fast-check";
import { expect, test } from "vitest";
import { compileFeatureSet, computeVector, count, firstSeen, recent, sum } from "../src/index.ts";
import { amount, cardEntity, online, payment, type Payment } from "./payments.ts";
import { stateAfter, streams } from "./streams.ts";

const capacity = 4;
const card = cardEntity(capacity);
const features = [sum(card, amount, "1h"), count(card, "1h", { where: online }), firstSeen(card, "shop")];
const channels = { measures: [amount], filters: [online], sameCategories: ["shop"] as const };
const featureSet = compileFeatureSet<Payment>({
  entities: [card],
  features,
  sequence: recent(card, channels),
});
const { sequence, size } = featureSet;
const [entity] = featureSet.entities;
if (entity === undefined || sequence === undefined) throw new Error("the set has an entity and a sequence");
const cardState = entity;
const known = sequence;

/** What lies behind the features of a vector. */
function read(past: readonly Payment[], present: Payment): readonly number[] {
  const vector = new Float32Array(size + known.size);
  computeVector(featureSet, present, [past.length === 0 ? null : stateAfter(cardState, past)], vector);
  return [...vector.subarray(size)];
}

test("the latest payments are read as they were, the oldest first, and empty slots hold -1", () => {
  const past = streams(9).filter((all) => all.length > 1);
  fc.assert(
    fc.property(past, (all) => {
      const present = payment(Math.max(...all.map(({ occurredAtMs }) => occurredAtMs)), { shop: "a" });
      // By time, then by the hash of the id, which ties leave open: those streams are not compared.
      const times = all.map(({ occurredAtMs }) => occurredAtMs);
      fc.pre(new Set(times).size === times.length);
      const latest = all.toSorted((one, other) => one.occurredAtMs - other.occurredAtMs).slice(-capacity);
      const empty = Array.from({ length: (capacity - latest.length) * known.channels.length }, () => -1);
      const expected = latest.flatMap((old) => [
        Math.fround((present.occurredAtMs - old.occurredAtMs) / 1000),
        Math.fround(Math.min(old.amount, (2 ** 31 - 1) / 100)),
        old.online ? 1 : 0,
        old.shop === present.shop ? 1 : 0,
      ]);
      expect(read(all, present)).toEqual([...empty, ...expected]);
    }),
  );
});

test("a card that nothing is known of is -1 throughout", () => {
  expect(new Set(read([], payment(0)))).toEqual(new Set([-1]));
});

test("a vector that is as long as its features holds them and nothing else", () => {
  const past = [payment(0, { id: "one" }), payment(1_000, { id: "two" })];
  const states = [stateAfter(cardState, past)];
  const narrow = new Float32Array(size);
  const wide = new Float32Array(size + known.size);
  computeVector(featureSet, payment(2_000), states, narrow);
  computeVector(featureSet, payment(2_000), states, wide);
  expect([...wide.subarray(0, size)]).toEqual([...narrow]);
});

test("a sequence says what each of its numbers is, and another one has another fingerprint", () => {
  expect(known).toMatchObject({
    name: "card@v1:recent",
    slots: capacity,
    channels: ["seconds_since", "amount", "online", "same_shop"],
    size: capacity * 4,
  });
  const other = (changes: object): string | undefined =>
    compileFeatureSet<Payment>({
      entities: [card],
      features,
      sequence: recent(card, { ...channels, ...changes }),
    }).sequence?.fingerprint;
  const fingerprints = [{}, { filters: [] }, { measures: [] }, { sameCategories: [] }].map(other);
  expect(new Set(fingerprints).size).toBe(4);
  expect(fingerprints[0]).toBe(known.fingerprint);
});

test("the features keep their hash with a sequence and without", () => {
  const without = compileFeatureSet<Payment>({ entities: [card], features });
  expect(without.hash).toBe(featureSet.hash);
  expect(without.sequence).toBeUndefined();
  expect(known.vectorHash).not.toBe(without.hash);
});

test("what the entity does not remember is refused by name, with the line and what to do", () => {
  const refusal = (sequenceOf: Parameters<typeof recent<Payment>>, entities = [card]): (() => unknown) => {
    return () => compileFeatureSet<Payment>({ entities, features, sequence: recent(...sequenceOf) });
  };
  const tip = { ...channels, measures: [{ ...amount, name: "tip" }] };
  expect(refusal([card, tip])).toThrow(
    /sequence\.test\.ts:\d+ card@v1:recent: the entity card remembers no tip: none of its features uses it/u,
  );
  expect(refusal([{ ...card, name: "till" }, channels])).toThrow(
    '"till", which is no entity of the feature set',
  );
  const hot = cardEntity(0);
  const counted = [count(hot, "1h")];
  expect(() =>
    compileFeatureSet<Payment>({ entities: [hot], features: counted, sequence: recent(hot, channels) }),
  ).toThrow("keeps no recent transactions: give it a recentCapacity");
});
