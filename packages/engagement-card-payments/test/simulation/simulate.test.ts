import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { engagement } from "../../src/card-payments.ts";
import { fraudPatterns } from "../../src/simulation/fraud/crime.ts";
import { simulate } from "../../src/simulation/simulate.ts";
import type { SimulatedPayment } from "../../src/simulation/world.ts";

const startMs = Date.UTC(2026, 0, 5);
const options = { seed: 42, startMs, customers: 1_500, idPrefix: "t-" };
/** About 37 days of 1,500 customers. */
const count = 60_000;
let stream: readonly SimulatedPayment[] = [];

beforeAll(() => {
  stream = take(options, count);
});

test("the same options give the same stream, byte for byte, today as when this test was written", () => {
  const digest = createHash("sha256");
  for (const { segments: _apart, ...payment } of stream.slice(0, 5_000)) {
    digest.update(JSON.stringify(payment));
  }
  expect(digest.digest("hex")).toBe("c3bbf382a22190c7df0ad2e7b99e7c322304f8b94c832a21bc768b355aeefdd8");
  expect(take(options, 2_000)).toEqual(stream.slice(0, 2_000));
});

test("another seed gives another stream", () => {
  expect(take({ ...options, seed: 43 }, 100)).not.toEqual(stream.slice(0, 100));
});

test("transactions come in the order of their time, from the start on", () => {
  const times = stream.map(({ transaction }) => transaction.occurredAtMs);
  expect(times.at(0)).toBeGreaterThanOrEqual(startMs);
  expect(times.every((time, index) => time >= (times[index - 1] ?? startMs))).toBe(true);
});

test("every id is unique and every name carries the prefix", () => {
  expect(new Set(stream.map(({ transaction }) => transaction.id)).size).toBe(count);
  const names = stream.flatMap(({ transaction }) => {
    const { id, cardId, customerId, merchantId, terminalId, deviceId = "t-" } = transaction;
    return [id, cardId, customerId, merchantId, terminalId, deviceId];
  });
  expect(names.filter((name) => !name.startsWith("t-"))).toEqual([]);
});

test("every transaction passes the engagement's own parser and comes out the same", () => {
  const refused = stream.filter(({ transaction }, index) => {
    if (index % 10 !== 0) return false;
    const wire: unknown = JSON.parse(JSON.stringify(engagement.transaction.toWire(transaction)));
    const parsed = engagement.transaction.parse(wire, transaction.occurredAtMs);
    return !parsed.ok || !isDeepStrictEqual(parsed.value, transaction);
  });
  expect(refused).toEqual([]);
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
  const early = stream.filter(
    ({ transaction, label }) => (label?.labelledAtMs ?? Number.POSITIVE_INFINITY) <= transaction.occurredAtMs,
  );
  expect(early).toEqual([]);
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
  const wrong = stream.filter(({ transaction: { channel, latitude, longitude, entryMode } }) => {
    const present = channel === "card-present";
    const placed = latitude !== undefined && longitude !== undefined;
    return placed !== present || ["e-commerce", "manual"].includes(entryMode) === present;
  });
  expect(wrong).toEqual([]);
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
  const taken: SimulatedPayment[] = [];
  for (const payment of simulate(wanted)) {
    taken.push(payment);
    if (taken.length >= length) break;
  }
  return taken;
}

test("every payment says of its person what fairness is judged by, and nothing on the wire does", () => {
  const shares = new Map<string, number>();
  for (const { segments = {}, transaction } of stream) {
    for (const [name, value] of Object.entries(segments)) {
      shares.set(`${name} ${value}`, (shares.get(`${name} ${value}`) ?? 0) + 1 / count);
    }
    expect(JSON.stringify(transaction)).not.toContain(segments["age_band"]);
  }
  const names = [...shares.keys()].toSorted();
  expect(names).toEqual([
    ...["18-29", "30-44", "45-64", "65+"].map((band) => `age_band ${band}`),
    ...["card-not-present", "card-present"].map((channel) => `channel ${channel}`),
    ...["east", "north-west", "south"].map((region) => `region ${region}`),
  ]);
  for (const [name, share] of shares) expect({ name, share: share > 0.1 }).toEqual({ name, share: true });
});
