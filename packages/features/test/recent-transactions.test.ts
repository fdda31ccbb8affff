import fc from "fast-check";
import { expect, test } from "vitest";
import { compileFeatureSet, count, firstSeen, recentReader, sum } from "../src/index.ts";
import { amount, cardEntity, online, payment, type Payment } from "./payments.ts";
import { stateAfter, streams } from "./streams.ts";

const capacity = 4;
const card = cardEntity(capacity);
const { entities } = compileFeatureSet<Payment>({
  entities: [card],
  features: [sum(card, amount, "1h"), count(card, "1h", { where: online }), firstSeen(card, "shop")],
});
const [entity] = entities;
if (entity === undefined) throw new Error("the set has one entity");
const reader = recentReader(entity, { measures: [amount], filters: [online], sameCategories: ["shop"] });

function read(past: readonly Payment[], present: Payment): readonly number[] {
  const out = new Float32Array(reader.slots * reader.channels + 1);
  out[0] = 7;
  reader.read(present, past.length === 0 ? null : stateAfter(compiled(), past), out, 1);
  expect(out[0]).toBe(7);
  return [...out.subarray(1)];
}

function compiled(): NonNullable<typeof entity> {
  if (entity === undefined) throw new Error("the set has one entity");
  return entity;
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
      const empty = Array.from({ length: (capacity - latest.length) * reader.channels }, () => -1);
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

test("what the entity does not remember is refused by name", () => {
  const other = { ...amount, name: "tip" };
  const channels = { measures: [other], filters: [], sameCategories: [] };
  expect(() => recentReader(compiled(), channels)).toThrow("the entity card remembers no tip");
});
