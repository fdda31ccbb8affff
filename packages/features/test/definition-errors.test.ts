import { expect, test } from "vitest";
import {
  compileFeatureSet,
  count,
  derived,
  difference,
  distinct,
  FeatureDefinitionError,
  firstSeen,
  labelRate,
  ofTransaction,
  rate,
  ratio,
  ratioToNormal,
  secondsSinceLast,
  speedSinceLast,
  sum,
  topCategoryShare,
  zScore,
  type DefinitionFault,
  type EntityDefinition,
  type FeatureDefinition,
  type Filter,
  type Span,
} from "../src/index.ts";
import { amount, cardEntity, online, place, type Payment } from "./payments.ts";

type Feature = FeatureDefinition<Payment>;

const card = cardEntity(4);
const shop: EntityDefinition<Payment> = { ...cardEntity(0), name: "shop", retentionDays: 30 };
const fast: EntityDefinition<Payment> = { ...cardEntity(4), name: "fast", consistency: "transactional" };
const fields = ["card", "amount", "shop", "online", "latitude", "longitude"];

function faultsOf(
  features: readonly Feature[],
  entities: readonly EntityDefinition<Payment>[] = [card, shop, fast],
): readonly DefinitionFault[] {
  try {
    compileFeatureSet({ entities, features }, { fields });
    return [];
  } catch (error) {
    if (!(error instanceof FeatureDefinitionError)) throw error;
    return error.faults;
  }
}

const filters = Array.from({ length: 33 }, (_unused, position): Filter<Payment> => ({
  name: `f${position}`,
  accepts: () => true,
}));
const cents = { ...amount, unit: "cents" };
const wrongSpan = (span: string): Feature => count(card, span as Span);

/** Every kind of feature that takes a filter, aggregates apart. */
function filteredWith(where: Filter<Payment>): readonly Feature[] {
  return [
    distinct(card, "shop", "1h", { where }),
    topCategoryShare(card, "shop", "1h", { where }),
    firstSeen(card, "shop", { where }),
    ratioToNormal(card, amount, "1h", { where }),
    zScore(card, amount, "1h", { where }),
    secondsSinceLast(card, { where }),
    labelRate(card, "1h", { where, delay: "1h" }),
    rate(card, where, "1h"),
    rate(card, { ...where, name: "other" }, "1h", { among: where }),
    speedSinceLast(card, { ...place, where }),
  ];
}

/** What is wrong, each with the reason that must be given. The feature at fault is the last one. */
const wrong: readonly (readonly [string, readonly Feature[], string])[] = [
  [
    "an unknown entity",
    [count(cardEntity(4, { name: "device" }), "1h")],
    'about "device", which is not among',
  ],
  ["a name used twice", [count(card, "1h"), count(card, "1h")], "the name is taken by the feature of"],
  ["a window of nothing", [wrongSpan("0h")], 'the window "0h" must be above 0'],
  ["a negative window", [wrongSpan("-1h")], "must be above 0"],
  ["a window beyond 90 days", [wrongSpan("91d")], "must be at most 90d"],
  ["a malformed window", [wrongSpan("1.5h")], "no span: write a whole number"],
  ["a window in weeks", [wrongSpan("2w")], "no span: write a whole number"],
  ["an unknown field", [distinct(card, "id", "1h")], 'no field "id"; it has card, amount'],
  [
    "two units of one measure",
    [sum(card, amount, "1h"), sum(card, cents, "24h")],
    "in cents here and in EUR",
  ],
  [
    "two measures of one name",
    [sum(card, amount, "1h"), sum(card, { ...amount }, "24h")],
    'two different measures have the name "amount"',
  ],
  [
    "two filters of one name",
    [count(card, "1h", { where: online }), count(card, "2h", { where: { ...online } })],
    'two different filters have the name "online"',
  ],
  ...filteredWith({ ...online }).map(
    (feature) =>
      [
        `two filters of one name (${feature.kind})`,
        [count(card, "1h", { where: online }), feature],
        'two different filters have the name "online"',
      ] as const,
  ),
  [
    "two filters of one name in one share",
    [rate(card, online, "1h", { among: { ...online } })],
    'two different filters have the name "online"',
  ],
  [
    "a share of what it is a share of",
    [rate(card, online, "1h", { among: online })],
    'all of "online" are among themselves',
  ],
  [
    "two fields of one name",
    [distinct(card, "shop", "1h"), distinct(card, { name: "shop", of: () => "" }, "2h")],
    'two different fields are remembered as "shop"',
  ],
  [
    "a difference of two units",
    [count(card, "1h"), sum(card, amount, "1h"), difference("d", count(card, "1h"), sum(card, amount, "1h"))],
    "subtracts EUR from transactions",
  ],
  [
    "a difference of differences in two units",
    [
      count(card, "1h"),
      count(card, "2h"),
      sum(card, amount, "1h"),
      sum(card, amount, "2h"),
      difference("counts", count(card, "1h"), count(card, "2h")),
      difference("sums", sum(card, amount, "1h"), sum(card, amount, "2h")),
      difference("d", "derived:counts", "derived:sums"),
    ],
    "subtracts EUR from transactions",
  ],
  [
    "an input whose missing value is one that it can have",
    [labelRate(shop, "1d", { delay: "7d", missing: 0 }), ratio("r", "shop@v1:label_rate_1d_delay_7d", "a")],
    '0 stands for a missing "shop@v1:label_rate_1d_delay_7d" and is a value that it can have',
  ],
  ["a range upside down", [count(card, "1h", { range: { min: 2, max: 1 } })], "from 2 to 1"],
  ["labels on a transactional entity", [labelRate(fast, "30d", { delay: "7d" })], '"fast" is transactional'],
  ["a retention that is too short", [labelRate(shop, "30d", { delay: "7d" })], "looks back 37 days"],
  ["a ring that is not there", [firstSeen(shop, "shop")], "whose recentCapacity is 0"],
  [
    "a filtered share without a ring",
    [topCategoryShare(shop, "shop", "1h", { where: online })],
    "whose recentCapacity is 0",
  ],
  ["a place without a ring", [speedSinceLast(shop, place)], "whose recentCapacity is 0"],
  ["a missing value that is infinite", [count(card, "1h", { missing: Infinity })], "it must be finite"],
  ["a missing value that is NaN", [count(card, "1h", { missing: Number.NaN })], "it must be finite"],
  ["too many filters", filters.map((where) => count(card, "1h", { where })), "more than 32 filters"],
  [
    "too many filters, the last two in one feature",
    [
      ...filters.slice(2).map((where) => count(card, "1h", { where })),
      rate(card, online, "1h", { among: filters[0] ?? online }),
    ],
    "more than 32 filters",
  ],
  [
    "too many filters of times",
    filters.map((where) => secondsSinceLast(card, { where })),
    "more than 32 filters",
  ],
  ["a bad name", [count(card, "1h", { name: "Count 1h" })], "small letters, digits and underscores"],
  [
    "an unknown input",
    [count(card, "1h"), ratio("share", "card@v1:count_1h", "card@v1:count_2h")],
    "not in the feature set",
  ],
  ["a step of nothing", [sum(card, { ...amount, name: "none", step: 0 }, "1h")], "must be above 0"],
  ["a delay that needs thousands of tiles", [count(card, "30d", { delay: "7m" })], "choose a rounder delay"],
  [
    "too many inputs",
    [derived("many", { unit: "", description: "", from: [], value: () => 0 })],
    "it must be 1 to 4",
  ],
];

test.each(wrong)("%s is refused with the line and the reason", (_what, features, reason) => {
  const faults = faultsOf(features);
  const last = features.at(-1);
  expect(last?.definedAt).toMatch(/definition-errors\.test\.ts:\d+$/u);
  const found = faults.filter((fault) => fault.reason.includes(reason));
  expect(found.map(({ definedAt }) => definedAt)).toEqual([last?.definedAt]);
});

test("a difference of a difference and what has its unit is no fault", () => {
  const [hour, two] = [count(card, "1h"), count(card, "2h")];
  const before = difference("before", two, hour);
  expect(faultsOf([hour, two, before, difference("d", "derived:before", hour)])).toEqual([]);
});

test("derived features that are made of each other are refused with the whole circle", () => {
  const circle = [
    ratio<Payment>("a", "derived:b", "derived:c"),
    ratio<Payment>("b", "derived:c", "derived:c"),
    ratio<Payment>("c", "derived:a", "derived:a"),
  ];
  expect(faultsOf(circle)[0]?.reason).toBe(
    "it is made of itself: derived:a → derived:b → derived:c → derived:a",
  );
});

test("the line is the one of the builder's call, and all faults come in one error", () => {
  const own = ofTransaction<Payment>("x", { unit: "", description: "", value: () => 0, missing: Infinity });
  const lineOf = Number(/:(\d+)$/u.exec(own.definedAt)?.[1]);
  const next = count(card, "1h", { missing: Infinity });
  expect(next.definedAt.endsWith(`:${lineOf + 2}`)).toBe(true);
  const faults = faultsOf([own, next, count(card, "1h")]);
  expect(faults).toHaveLength(3);
  expect(() => compileFeatureSet({ entities: [card], features: [own, next] })).toThrow(
    `${next.definedAt} card@v1:count_1h: the missing value is Infinity`,
  );
});

test.each([
  ["more labels than a ring may hold", { recentLabels: 257 }, "must be a whole number from 0 to 256"],
  ["labels without transactions to compare with", { recentCapacity: 0, recentLabels: 3 }, "are of no use"],
])("an entity with %s is refused", (_what, changes, reason) => {
  const bad = cardEntity(4, changes);
  expect(faultsOf([], [bad]).map((fault) => fault.reason)).toEqual([expect.stringContaining(reason)]);
});

test("an entity that does not hold together is refused by its name", () => {
  const bad = cardEntity(1000, { name: "Card", retentionDays: 0, version: 0, tilesPerWindow: 3 });
  const reasons = faultsOf([], [bad, bad]).map(({ definedAt, reason }) => `${definedAt}: ${reason}`);
  expect(new Set(reasons)).toEqual(
    new Set([
      'entity "Card": its name must be small letters, digits, underscores',
      'entity "Card": version 0 must be 1, 2, 3…',
      'entity "Card": retentionDays 0 must be above 0',
      'entity "Card": recentCapacity 1000 must be a whole number from 0 to 256',
      'entity "Card": tilesPerWindow 3 must be a whole number from 12 to 60',
      'entity "Card": the name is taken by another entity',
    ]),
  );
});
