import { readFileSync } from "node:fs";
import { compileEngagement } from "@tollgate/engagement";
import { expect, test } from "vitest";
import { engagement } from "../src/index.ts";

const compiled = compileEngagement(engagement);

/** What a stored row has beside its state, at most: packages/feature-store/test/row-codec.test.ts. */
const rowOverheadBytes = 12;

test("the states have the sizes of docs/specs/entity-state.md, and a stored card at most 2 KB", () => {
  const spec = readFileSync(new URL("../../../docs/specs/entity-state.md", import.meta.url), "utf8");
  const stated = /a card has ([\d,]+) bytes, a merchant ([\d,]+), a terminal ([\d,]+)/u.exec(spec)?.slice(1);
  const sizes = compiled.featureSet.entities.map((entity) => entity.layout.byteLength);
  expect(stated?.map((bytes) => Number(bytes.replaceAll(",", "")))).toEqual(sizes);
  expect((sizes[0] ?? 0) + rowOverheadBytes).toBeLessThanOrEqual(2_048);
});

test("every feature says what it means, in which unit, and what it holds when it cannot be known", () => {
  expect(compiled.featureSet.size).toBeGreaterThanOrEqual(40);
  for (const feature of compiled.featureSet.features) {
    expect(feature.description).toMatch(/^[A-Z0-9].{8,}\.$/u);
    expect(feature.unit).not.toBe("");
    expect(feature.fingerprint).toMatch(/^[0-9a-f]{16}$/u);
  }
});

test("a direction of a feature that is not there, or of both ways, is refused with its name", () => {
  const compile = (neverSafer: readonly string[], neverRiskier: readonly string[]): unknown =>
    compileEngagement({
      ...engagement,
      policy: { ...engagement.policy, directions: { neverSafer, neverRiskier } },
    });
  const [name = ""] = compiled.featureSet.names;
  expect(() => compile(["card@v1:amount_to_nothing"], [])).toThrow(
    'policy.directions of "card-payments" names card@v1:amount_to_nothing: the feature set has no such',
  );
  expect(() => compile([name], [name])).toThrow(`names ${name} both ways`);
  expect(() => compile([name], [])).not.toThrow();
});

test("directions leave every fingerprint as it is: the committed champion goes on", () => {
  const { directions: _none, ...policy } = engagement.policy;
  expect(compileEngagement({ ...engagement, policy }).featureSet.hash).toBe(compiled.featureSet.hash);
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
