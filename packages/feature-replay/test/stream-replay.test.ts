import type { BaseTransaction } from "@tollgate/contracts";
import { expect, test } from "vitest";
import { compiled } from "../bench/card-payments.ts";
import { createStreamReplay } from "../src/index.ts";
import { compiledShop, sale } from "./shop-engagement.ts";

const { engagement, featureSet } = compiled;
const startMs = Date.parse("2026-06-01T12:00:00Z");
const dayMs = 86_400_000;

function payment(id: string, atMs: number, changes: Record<string, unknown> = {}): BaseTransaction {
  const occurredAt = new Date(atMs).toISOString();
  const wire = { ...engagement.transaction.example(atMs), id, occurredAt, ...changes };
  const parsed = engagement.transaction.parse(wire, atMs);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return parsed.value;
}

function feature(vector: Float32Array, name: string): number | undefined {
  return vector[featureSet.names.indexOf(name)];
}

test("a vector is computed before its own transaction is remembered, and the next one sees it", () => {
  const replay = createStreamReplay(featureSet);
  const first = new Float32Array(featureSet.size);
  const second = new Float32Array(featureSet.size);
  replay.next(payment("one", startMs), first);
  replay.next(payment("two", startMs + 60_000), second);
  expect(feature(first, "card@v1:count_1h")).toBe(1);
  expect(feature(first, "card@v1:seconds_since_last")).toBe(-1);
  expect(feature(second, "card@v1:count_1h")).toBe(2);
  expect(feature(second, "card@v1:seconds_since_last")).toBe(60);
  expect(feature(second, "terminal@v1:count_1h")).toBe(2);
});

test("another card has a memory of its own", () => {
  const replay = createStreamReplay(featureSet);
  const vector = new Float32Array(featureSet.size);
  replay.next(payment("one", startMs), vector);
  replay.next(payment("two", startMs + 60_000, { cardId: "card-of-somebody-else" }), vector);
  expect(feature(vector, "card@v1:count_1h")).toBe(1);
});

test("a memory that is older than its retention is not used", () => {
  const replay = createStreamReplay(featureSet);
  const vector = new Float32Array(featureSet.size);
  replay.next(payment("one", startMs), vector);
  replay.next(payment("two", startMs + 91 * dayMs), vector);
  expect(feature(vector, "card@v1:seconds_since_last")).toBe(-1);
});

test("a label is known from its own time on, never earlier, in whatever order labels come", () => {
  const { featureSet: shop } = compiledShop();
  const replay = createStreamReplay(shop);
  const vector = new Float32Array(shop.size);
  const rateAt = (day: number): number | undefined => {
    replay.next(sale(`ask-${day}`, startMs + day * dayMs), vector);
    return vector[shop.features.findIndex(({ kind }) => kind === "label-rate")];
  };
  const fraud = (labelledAtMs: number): { fraud: true; labelledAtMs: number } => ({
    fraud: true,
    labelledAtMs,
  });
  replay.next(sale("first", startMs), vector, fraud(startMs + 4.5 * dayMs));
  replay.next(sale("second", startMs + 1), vector, fraud(startMs + 3.5 * dayMs));
  // Those who ask are counted themselves a day later.
  expect(rateAt(3.4)).toBe(0);
  expect(rateAt(3.6)).toBe(0.5);
  expect(rateAt(4.4)).toBe(0.5);
  expect(rateAt(4.6)).toBeCloseTo(2 / 3, 6);
});
