import { createHash } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { engagement } from "../../src/card-payments.ts";
import { fraudPatterns } from "../../src/simulation/fraud/crime.ts";
import { simulate } from "../../src/simulation/simulate.ts";
import type { SimulatedPayment } from "../../src/simulation/world.ts";

const startMs = Date.UTC(2026, 0, 5);
const options = { seed: 42, startMs, customers: 3_000, idPrefix: "t-" };
/** About 47 days of 3,000 customers. */
const count = 150_000;
let stream: readonly SimulatedPayment[] = [];

beforeAll(() => {
  stream = take(options, count);
});

test("the same options give the same stream, byte for byte, today as when this test was written", () => {
  const digest = createHash("sha256");
  for (const payment of stream.slice(0, 20_000)) digest.update(JSON.stringify(payment));
  expect(digest.digest("hex")).toBe("PINNED");
  expect(take(options, 2_000)).toEqual(stream.slice(0, 2_000));
});

test("another seed gives another stream", () => {
  expect(take({ ...options, seed: 43 }, 100)).not.toEqual(stream.slice(0, 100));
});

test("transactions come in the order of their time, from the start on", () => {
  let lastMs = startMs;
  for (const { transaction } of stream) {
    expect(transaction.occurredAtMs).toBeGreaterThanOrEqual(lastMs);
    lastMs = transaction.occurredAtMs;
  }
});

test("every id is unique and every name carries the prefix", () => {
  expect(new Set(stream.map(({ transaction }) => transaction.id)).size).toBe(count);
  for (const { transaction } of stream.slice(0, 10_000)) {
    const { id, cardId, customerId, merchantId, terminalId, deviceId = "t-" } = transaction;
    for (const name of [id, cardId, customerId, merchantId, terminalId, deviceId]) {
      expect(name.startsWith("t-")).toBe(true);
    }
  }
});

test("every transaction passes the engagement's own parser and comes out the same", () => {
  for (const { transaction } of stream.filter((_, index) => index % 5 === 0)) {
    const wire: unknown = JSON.parse(JSON.stringify(engagement.transaction.toWire(transaction)));
    expect(engagement.transaction.parse(wire, transaction.occurredAtMs)).toEqual({
      ok: true,
      value: transaction,
    });
  }
});

test("about one transaction in 200 is fraud, and every pattern is among them", () => {
  const frauds = stream.filter(({ pattern }) => pattern !== undefined);
  const share = frauds.length / count;
  expect(share).toBeGreaterThan(0.003);
  expect(share).toBeLessThan(0.008);
  const names = new Set(frauds.map(({ pattern }) => pattern));
  expect(names).toEqual(new Set(fraudPatterns.map(({ name }) => name)));
});

test("a label comes after its transaction, and most frauds get one, some never", () => {
  const frauds = stream.filter(({ pattern }) => pattern !== undefined);
  for (const { transaction, label } of stream) {
    if (label !== undefined) expect(label.labelledAtMs).toBeGreaterThan(transaction.occurredAtMs);
  }
  const labelled = frauds.filter(({ label }) => label !== undefined);
  expect(labelled.every(({ label }) => label?.fraud === true)).toBe(true);
  expect(labelled.length / frauds.length).toBeGreaterThan(0.75);
  expect(labelled.length / frauds.length).toBeLessThan(0.92);
});

test("a few honest ones are called fraud, more are released by an analyst", () => {
  const honest = stream.filter(({ pattern, label }) => pattern === undefined && label !== undefined);
  const denied = honest.filter(({ label }) => label?.fraud === true).length;
  expect(denied).toBeGreaterThan(0);
  expect(denied).toBeLessThan(honest.length / 5);
  expect((honest.length - denied) / count).toBeLessThan(0.01);
});

test("what happens at the terminal has its place, what happens online has none", () => {
  for (const { transaction } of stream.slice(0, 20_000)) {
    const present = transaction.channel === "card-present";
    expect(transaction.latitude !== undefined).toBe(present);
    expect(["e-commerce", "manual"].includes(transaction.entryMode)).toBe(!present);
  }
});

test("afternoons are busier than nights, Saturdays busier than Sundays", () => {
  const hours = Array.from({ length: 24 }, () => 0);
  const days = Array.from({ length: 7 }, () => 0);
  for (const { transaction } of stream) {
    const time = new Date(transaction.occurredAtMs);
    hours[time.getUTCHours()] = (hours[time.getUTCHours()] ?? 0) + 1;
    days[time.getUTCDay()] = (days[time.getUTCDay()] ?? 0) + 1;
  }
  expect(hours[16]).toBeGreaterThan(5 * (hours[2] ?? 0));
  expect(days[6]).toBeGreaterThan(1.1 * (days[0] ?? 0));
});

test.each([
  [{ customers: 3 }, "customers is 3: it must be a whole number from 100 to 1000000"],
  [{ seed: 1.5 }, "seed is 1.5: it must be a whole number"],
  [{ startMs: Number.NaN }, "startMs is NaN: it must be whole milliseconds since 1970"],
])("options out of bounds are refused by name: %j", (wrong, message) => {
  expect(() => take({ ...options, ...wrong }, 1)).toThrow(message);
});

function take(wanted: typeof options, length: number): readonly SimulatedPayment[] {
  return simulate(wanted).take(length).toArray();
}
