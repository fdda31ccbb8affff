import { compileEngagement } from "@tollgate/engagement";
import { expect, test } from "vitest";
import { engagement } from "../src/index.ts";

const compiled = compileEngagement(engagement);

test("the states have the sizes that docs/specs/entity-state.md states, and a card's stays near 2 KB", () => {
  const sizes = compiled.featureSet.entities.map((entity) => [entity.name, entity.layout.byteLength]);
  expect(sizes).toEqual([
    ["card", 2276],
    ["merchant", 1136],
    ["terminal", 1136],
  ]);
});

test("there are at least twelve rules, each with a reason a person can read", () => {
  expect(engagement.rules.length).toBeGreaterThanOrEqual(12);
  for (const rule of engagement.rules) {
    expect(rule.code).toMatch(/^[A-Z][A-Z0-9_]+$/u);
    expect(rule.description).toMatch(/^[A-Z].{20,}\.$/u);
  }
});

test("no rule fires on a first, ordinary payment of which nothing is known", () => {
  const nowMs = Date.UTC(2026, 5, 1, 12);
  const parsed = engagement.transaction.parse(engagement.transaction.example(nowMs), nowMs);
  if (!parsed.ok) throw new Error("the example does not parse");
  const vector = new Float32Array(compiled.featureSet.size);
  compiled.featureSet.compute(parsed.value, [null, null, null], vector, 0);
  const input = { transaction: parsed.value, vector, offset: 0, score: null, thresholds: null };
  expect(compiled.decisions.decide(input)).toEqual({ outcome: "approve", reasons: [] });
});
