import { expect, test } from "vitest";
import {
  compileFeatureSet,
  distanceSinceLast,
  distinct,
  firstSeen,
  labelRate,
  rate,
  ratioToNormal,
  secondsSinceFirst,
  secondsSinceLast,
  topCategoryShare,
  zScore,
  type FeatureDefinition,
  type FeatureSet,
  type Filter,
} from "../src/index.ts";
import { amount, cardEntity, online, place, small, type Payment } from "./payments.ts";

const card = cardEntity(4);
const only = { where: online };
const dear: Filter<Payment> = { name: "dear", accepts: (payment) => payment.amount > 1000 };

/** Every kind of feature that a filter restricts, aggregates apart, under one name. */
function featuresWith(filter: Filter<Payment> | undefined): readonly FeatureDefinition<Payment>[] {
  const where = filter === undefined ? {} : { where: filter };
  const among = filter === undefined ? {} : { among: filter };
  return [
    distinct(card, "shop", "24h", { ...where, name: "a" }),
    topCategoryShare(card, "shop", "24h", { ...where, name: "b" }),
    firstSeen(card, "shop", { ...where, name: "c" }),
    ratioToNormal(card, amount, "30d", { ...where, name: "d" }),
    zScore(card, amount, "30d", { ...where, name: "e" }),
    secondsSinceLast(card, { ...where, name: "f" }),
    secondsSinceFirst(card, { ...where, name: "g" }),
    labelRate(card, "30d", { ...where, delay: "7d", name: "h" }),
    rate(card, dear, "7d", { ...among, name: "i" }),
    distanceSinceLast(card, { ...place, ...where }, { name: "j" }),
  ];
}

function setOf(features: readonly FeatureDefinition<Payment>[]): FeatureSet<Payment> {
  return compileFeatureSet<Payment>({ entities: [card], features });
}

/** With `online` the name of each, and what its description says of it. */
const named: readonly (readonly [FeatureDefinition<Payment>, string, string])[] = [
  [distinct(card, "shop", "24h", only), "distinct_shop_online_24h", "shop of the card (only online)"],
  [topCategoryShare(card, "shop", "24h", only), "top_shop_share_online_24h", "frequent shop (only online)"],
  [firstSeen(card, "shop", only), "first_seen_shop_online", "4 latest transactions (only online)."],
  [
    ratioToNormal(card, amount, "30d", only),
    "amount_to_normal_online_30d",
    "This amount (online or not) divided by the card's mean (only online)",
  ],
  [
    zScore(card, amount, "30d", only),
    "amount_z_score_online_30d",
    "of this amount (online or not) from the card's mean (only online)",
  ],
  [secondsSinceLast(card, only), "seconds_since_last_online", "last transaction (only online)."],
  [secondsSinceFirst(card, only), "seconds_since_first_online", "known of the card (only online)."],
  [
    labelRate(card, "30d", { ...only, delay: "7d" }),
    "label_rate_online_30d_delay_7d",
    "Share of fraud among the card's transactions (only online)",
  ],
  [
    rate(card, small, "7d", { among: online }),
    "rate_small_among_online_7d",
    "Share of small among the card's transactions (only online)",
  ],
  [
    distanceSinceLast(card, { ...place, ...only }),
    "kilometres_since_last",
    "from the place (till) of the latest (only online)",
  ],
];

test.each(named)("a filtered feature says so in its name and description ($1)", (feature, name, words) => {
  const [description] = setOf([feature]).features;
  expect(description?.name).toBe(`card@v1:${name}`);
  expect(description?.description).toContain(words);
});

test("a filter, and its revision, are part of what a feature means", () => {
  const sets = [undefined, small, online, { ...online, revision: 2 }].map((filter) =>
    setOf(featuresWith(filter)),
  );
  for (const column of featuresWith(undefined).keys()) {
    const meanings = sets.map(({ features }) => features[column]?.fingerprint);
    expect(new Set(meanings).size).toBe(sets.length);
  }
});

test.each([0, 4])("a filter is part of the layout of the state (ring of %i)", (recentCapacity) => {
  const entity = cardEntity(recentCapacity);
  const hashOf = (features: readonly FeatureDefinition<Payment>[]): number | undefined =>
    compileFeatureSet<Payment>({ entities: [entity], features }).entities[0]?.layout.hash;
  const kinds: readonly ((where: { where?: Filter<Payment> }) => FeatureDefinition<Payment>)[] = [
    (where) => distinct(entity, "shop", "24h", where),
    (where) => zScore(entity, amount, "24h", where),
    (where) => secondsSinceLast(entity, where),
    (where) => secondsSinceFirst(entity, where),
    (where) => labelRate(entity, "24h", { ...where, delay: "24h" }),
  ];
  const choices = [{}, { where: online }, { where: small }, { where: { ...online, revision: 2 } }];
  const hashes = kinds.flatMap((kind) => choices.map((where) => hashOf([kind(where)])));
  // Without a filter both times are of the head, which every state has.
  expect(new Set(hashes).size).toBe(hashes.length - 1);
});

test("the record of a label has a word for filters only where a label rate has one", () => {
  const withLabels = cardEntity(4, { recentLabels: 3 });
  const layoutOf = (...filters: readonly Filter<Payment>[]) =>
    compileFeatureSet<Payment>({
      entities: [withLabels],
      features: [
        labelRate(withLabels, "24h", { delay: "24h" }),
        ...filters.map((where) => labelRate(withLabels, "24h", { where, delay: "24h" })),
      ],
    }).entities[0]?.layout;
  expect(layoutOf()?.labelRing.recordWords).toBe(2);
  expect(layoutOf(online)?.labelRing.recordWords).toBe(3);
  expect(layoutOf(online, small)?.labelRing.recordWords).toBe(3);
});
