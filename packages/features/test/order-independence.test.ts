import fc from "fast-check";
import { expect, test } from "vitest";
import {
  compileFeatureSet,
  count,
  distinct,
  firstSeen,
  labelRate,
  maximum,
  minimum,
  rate,
  secondsSinceFirst,
  secondsSinceLast,
  speedSinceLast,
  sum,
  topCategoryShare,
  zScore,
  type EntityDefinition,
  type FeatureDefinition,
} from "../src/index.ts";
import { amount, cardEntity, online, place, small, type Payment } from "./payments.ts";
import { bytesOf, stateAfter, streams } from "./streams.ts";

/** Everything that can be done to a state, as one shuffled list of deeds; some labels are taken back. */
const shuffled = streams(40).chain((stream) => {
  const deeds = stream.flatMap((transaction, position) => [
    { transaction, label: false, fraud: false },
    ...(position % 3 === 0 ? [{ transaction, label: true, fraud: true }] : []),
    ...(position % 6 === 0 ? [{ transaction, label: true, fraud: false }] : []),
  ]);
  return fc.record({
    straight: fc.constant(deeds),
    mixed: fc.shuffledSubarray(deeds, { minLength: deeds.length, maxLength: deeds.length }),
  });
});

function filteredFeatures(card: EntityDefinition<Payment>): readonly FeatureDefinition<Payment>[] {
  return [online, small].flatMap((where) => [
    distinct(card, "shop", "24h", { where }),
    zScore(card, amount, "90d", { where }),
    secondsSinceLast(card, { where }),
    secondsSinceFirst(card, { where }),
    labelRate(card, "30d", { delay: "7d", where }),
    rate(card, where, "7d", { among: where === online ? small : online }),
  ]);
}

test.each([
  [0, 0],
  [4, 0],
  [4, 3],
  [64, 0],
  [64, 3],
  [64, 64],
])(
  "any order of the same payments and labels gives the same bytes (rings of %i and %i)",
  (capacity, recentLabels) => {
    const card = cardEntity(capacity, { recentLabels });
    const withRing: readonly FeatureDefinition<Payment>[] = [
      firstSeen(card, "shop"),
      firstSeen(card, "shop", { where: online }),
      topCategoryShare(card, "shop", "24h", { where: online }),
      speedSinceLast(card, place),
    ];
    const featureSet = compileFeatureSet<Payment>({
      entities: [card],
      features: [
        count(card, "1h"),
        sum(card, amount, "24h", { where: online }),
        zScore(card, amount, "90d"),
        minimum(card, amount, "7d"),
        maximum(card, amount, "7d"),
        distinct(card, "shop", "24h"),
        labelRate(card, "30d", { delay: "7d" }),
        ...filteredFeatures(card),
        ...(capacity > 0 ? withRing : []),
      ],
    });
    const [entity] = featureSet.entities;
    if (entity === undefined) throw new Error("no entity");
    const property = fc.property(shuffled, ({ straight, mixed }) => {
      const states = [straight, mixed].map((deeds) => {
        const state = entity.empty();
        for (const { transaction, label, fraud } of deeds) {
          if (label) entity.applyLabel(state, { transaction, fraud, labelledAtMs: 0 });
          else entity.apply(state, transaction);
        }
        return state;
      });
      const [first, second] = states;
      if (first === undefined || second === undefined) throw new Error("no states");
      expect(bytesOf(second)).toBe(bytesOf(first));
      const vectors = states.map((state) => {
        const vector = new Float32Array(featureSet.size);
        const now = straight.at(-1)?.transaction;
        if (now !== undefined) featureSet.compute(now, [state], vector, 0);
        return [...vector];
      });
      expect(vectors[1]).toEqual(vectors[0]);
    });
    fc.assert(property);
  },
);

test("sums of squares stay exact, and so independent of order, where plain float64 would round", () => {
  const card = cardEntity(0);
  const featureSet = compileFeatureSet<Payment>({
    entities: [card],
    features: [zScore(card, amount, "90d")],
  });
  const [entity] = featureSet.entities;
  if (entity === undefined) throw new Error("no entity");
  const cents = fc.array(fc.integer({ min: -2_147_483_646, max: 2_147_483_646 }), {
    minLength: 1,
    maxLength: 50,
  });
  const property = fc.property(streams(1), cents, ([template], values) => {
    if (template === undefined) return;
    const payments = values.map((value, position) => ({
      ...template,
      id: `p${position}`,
      amount: value / 100,
    }));
    const state = stateAfter(entity, payments);
    const [, squares] = entity.layout.families[0]?.columns.flatMap(({ statistic }, row) => {
      const places = entity.layout.columnPlaces[0]?.[row];
      if (statistic !== "squares" || places === undefined) return [];
      const { slots } = entity.layout.families[0] ?? { slots: 0 };
      const wide = state.float64.subarray(places.wide, places.wide + slots);
      const narrow = state.int32.subarray(places.narrow, places.narrow + slots);
      const total = [...wide].reduce((sum, value) => sum + BigInt(value) * 4_294_967_296n, 0n);
      return [0n, [...narrow].reduce((sum, value) => sum + BigInt(value >>> 0), total)];
    }) ?? [0n, 0n];
    expect(squares).toBe(values.reduce((total, value) => total + BigInt(value) * BigInt(value), 0n));
  });
  fc.assert(property);
});
