import { compileEngagement } from "@tollgate/engagement";
import { expect, test } from "vitest";
import { engagement } from "../src/index.ts";

const compiled = compileEngagement(engagement);
const nowMs = Date.UTC(2026, 5, 1, 12);

/** Row 2 of the published file, to six decimals: Time 0, label 0. */
const componentsOfRow2 = `1.191857 0.266151 0.16648 0.448154 0.060018 -0.082361 -0.078803 0.085102
-0.255425 -0.166974 1.612727 1.065235 0.489095 -0.143772 0.635558 0.463917
-0.114805 -0.183361 -0.145783 -0.069083 -0.225775 -0.638672 0.101288 -0.339846
0.16717 0.125895 -0.008983 0.014724`
  .split(/\s/u)
  .map(Number);
const row2: Readonly<Record<string, unknown>> = {
  Time: "0",
  ...Object.fromEntries(componentsOfRow2.map((value, position) => [`V${position + 1}`, String(value)])),
  Amount: "2.69",
  Class: "0",
};

test("a row of the published file becomes a vector of its own columns, unchanged", () => {
  const [dataset] = engagement.datasets;
  const mapped = dataset?.toTransaction(row2, 2);
  const parsed = engagement.transaction.parse(mapped?.transaction, nowMs);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  const vector = new Float32Array(compiled.featureSet.size);
  compiled.featureSet.compute(parsed.value, [null], vector, 0);
  expect([...vector]).toEqual([...Float32Array.from([...componentsOfRow2, 2.69, 0])]);
  expect(compiled.featureSet.names[27]).toBe("transaction:v28");
  expect(mapped?.fraud).toBe(false);
});

test.each([
  ["1", 1 / 3_600],
  ["43200", 12],
  ["86399", 86_399 / 3_600],
  ["86400", 0],
  ["172792", (172_792 - 86_400) / 3_600],
])("Time %s is the hour %f of its day", (seconds, hour) => {
  const mapped = engagement.datasets[0]?.toTransaction({ ...row2, Time: seconds }, 2);
  const parsed = engagement.transaction.parse(mapped?.transaction, nowMs);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  const vector = new Float32Array(compiled.featureSet.size);
  compiled.featureSet.compute(parsed.value, [null], vector, 0);
  expect(vector[compiled.featureSet.names.indexOf("transaction:hour_of_day")]).toBe(Math.fround(hour));
});

test("what is not 28 numbers, or not a time, is refused with its path", () => {
  const example = engagement.transaction.example(nowMs);
  const short = { ...example, components: [1, 2] };
  const words = { ...example, components: Array.from({ length: 28 }, () => "a"), occurredAt: "noon" };
  expect(engagement.transaction.parse(short, nowMs)).toMatchObject({ faults: [{ path: "/components" }] });
  const parsed = engagement.transaction.parse(words, nowMs);
  expect(parsed.ok ? [] : parsed.faults.map(({ path }) => path)).toContain("/components/27");
  expect(parsed.ok ? [] : parsed.faults.map(({ path }) => path)).toContain("/occurredAt");
});

test("what was accepted comes back from its wire shape as it was", () => {
  const parsed = engagement.transaction.parse(engagement.transaction.example(nowMs), nowMs);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  const wire: unknown = JSON.parse(JSON.stringify(engagement.transaction.toWire(parsed.value)));
  expect(engagement.transaction.fromWire(wire)).toEqual(parsed.value);
});

test("the simulated stream is the same for the same seed, and every payment of it is valid", () => {
  const options = { seed: 5, startMs: Date.UTC(2026, 0, 1), customers: 100, idPrefix: "t-" };
  const first = firstOf(engagement.simulate(options), 500);
  expect(firstOf(engagement.simulate(options), 500)).toEqual(first);
  for (const { transaction } of first) {
    const wire = engagement.transaction.toWire(transaction);
    expect(engagement.transaction.parse(wire, nowMs)).toEqual({ ok: true, value: transaction });
  }
});

test("the drift monitor is told what a payment is worth, in cents", () => {
  const parsed = engagement.transaction.parse(engagement.transaction.example(nowMs), nowMs);
  expect(parsed.ok && engagement.monitoring?.valueMinor(parsed.value)).toBe(2200);
});

test("no rule fires on an ordinary payment", () => {
  const parsed = engagement.transaction.parse(engagement.transaction.example(nowMs), nowMs);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  const vector = new Float32Array(compiled.featureSet.size);
  compiled.featureSet.compute(parsed.value, [null], vector, 0);
  const input = { transaction: parsed.value, vector, offset: 0, score: null, thresholds: null };
  expect(compiled.decisions.decide(input)).toEqual({ outcome: "approve", reasons: [] });
});

function firstOf<Item>(stream: Iterable<Item>, count: number): readonly Item[] {
  const items: Item[] = [];
  for (const item of stream) {
    items.push(item);
    if (items.length === count) break;
  }
  return items;
}
