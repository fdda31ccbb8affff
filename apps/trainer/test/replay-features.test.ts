import { compileEngagement } from "@tollgate/engagement";
import { engagement, type CardPayment } from "@tollgate/engagement-card-payments";
import { expect, test } from "vitest";
import { createFeatureReplay } from "../src/replay-features.ts";

const { featureSet } = compileEngagement(engagement);
const startMs = Date.parse("2026-06-01T12:00:00Z");

function payment(id: string, atMs: number, changes: Record<string, unknown> = {}): CardPayment {
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
  const replay = createFeatureReplay(featureSet);
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
  const replay = createFeatureReplay(featureSet);
  const vector = new Float32Array(featureSet.size);
  replay.next(payment("one", startMs), vector);
  replay.next(payment("two", startMs + 60_000, { cardId: "card-of-somebody-else" }), vector);
  expect(feature(vector, "card@v1:count_1h")).toBe(1);
});

test("a memory that is older than its retention is not used", () => {
  const replay = createFeatureReplay(featureSet);
  const vector = new Float32Array(featureSet.size);
  replay.next(payment("one", startMs), vector);
  replay.next(payment("two", startMs + 91 * 86_400_000), vector);
  expect(feature(vector, "card@v1:seconds_since_last")).toBe(-1);
});
