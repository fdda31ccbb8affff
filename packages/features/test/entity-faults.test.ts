import { expect, test } from "vitest";
import {
  compileFeatureSet,
  count,
  derived,
  FeatureDefinitionError,
  sum,
  type EntityDefinition,
  type FeatureDefinition,
} from "../src/index.ts";
import { amount, cardEntity, type Payment } from "./payments.ts";

function errorOf(
  entities: readonly EntityDefinition<Payment>[],
  features: readonly FeatureDefinition<Payment>[],
): FeatureDefinitionError {
  try {
    compileFeatureSet({ entities, features });
  } catch (error) {
    if (error instanceof FeatureDefinitionError) return error;
  }
  throw new Error("nothing was wrong");
}

const card = cardEntity(4);
const own = derived<Payment>("twice", {
  unit: "transactions",
  description: "Twice the count.",
  from: ["card@v1:count_1h"],
  value: (first) => 2 * first,
});

test.each([
  ["a bad name", { name: "Shop" }, "its name must be small letters"],
  ["a bad version", { version: 0 }, "version 0 must be 1, 2, 3"],
  ["a bad retention", { retentionDays: Number.NaN }, "retentionDays NaN must be above 0"],
  ["a bad ring", { recentCapacity: 257 }, "recentCapacity 257 must be a whole number from 0 to 256"],
  ["a bad ring of labels", { recentLabels: -1 }, "recentLabels -1 must be a whole number"],
  ["bad tiles", { tilesPerWindow: 61 }, "tilesPerWindow 61 must be a whole number from 12 to 60"],
])("an entity with %s is refused with the line of the first feature that uses it", (_what, bad, reason) => {
  const shop = cardEntity(4, { name: "shop", ...bad });
  const [first, second] = [count(shop, "1h"), sum(shop, amount, "1h")];
  expect(first.definedAt).toMatch(/entity-faults\.test\.ts:\d+$/u);
  const { faults, message } = errorOf([card, shop], [own, count(card, "1h"), first, second]);
  const found = faults.filter((fault) => fault.reason.includes(reason));
  const name = `entity "${shop.name}"`;
  expect(found).toEqual([{ definedAt: first.definedAt, name, reason: found[0]?.reason }]);
  expect(message).toContain(`${first.definedAt} ${name}: ${reason}`);
});

test("of two entities with one name the second is refused, with its own first line", () => {
  const other = cardEntity(0);
  const [first, second] = [count(card, "1h"), count(other, "24h")];
  expect(errorOf([card, other], [first, second]).faults).toEqual([
    { definedAt: second.definedAt, name: 'entity "card"', reason: "the name is taken by another entity" },
  ]);
});

test("an entity that no feature uses is refused by its name", () => {
  const idle = cardEntity(4, { name: "idle", retentionDays: -1 });
  const { faults } = errorOf([card, idle], [count(card, "1h")]);
  expect(faults.map(({ definedAt }) => definedAt)).toEqual(['entity "idle"']);
});
