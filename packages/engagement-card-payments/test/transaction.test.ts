import { expect, test } from "vitest";
import { engagement, futureToleranceMs } from "../src/index.ts";

const nowMs = Date.UTC(2026, 5, 1, 12);
const { transaction } = engagement;
const valid = transaction.example(nowMs);

function faultsOf(changes: Readonly<Record<string, unknown>>): readonly (readonly [string, string])[] {
  const parsed = transaction.parse({ ...valid, ...changes }, nowMs);
  return parsed.ok ? [] : parsed.faults.map((fault) => [fault.path, fault.message]);
}

test("the example is valid, and what was accepted is accepted again in its wire shape", () => {
  const parsed = transaction.parse(valid, nowMs);
  if (!parsed.ok) throw new Error("the example does not parse");
  expect(transaction.toWire(parsed.value)).toEqual(valid);
  expect(transaction.fromWire(transaction.toWire(parsed.value))).toEqual(parsed.value);
  expect(parsed.value.occurredAtMs).toBe(nowMs);
});

test("every kind of bad value is refused at its path", () => {
  const bad: readonly (readonly [string, unknown])[] = [
    ["id", "has a space"],
    ["id", "x".repeat(65)],
    ["occurredAt", "2026-06-01T12:00:00"],
    ["occurredAt", "yesterday"],
    ["amountMinor", -1],
    ["amountMinor", 1.5],
    ["amountMinor", "4599"],
    ["amountMinor", Number.NaN],
    ["amountMinor", 1e12],
    ["currency", "XXX"],
    ["currency", "eur"],
    ["merchantCategoryCode", 5411],
    ["channel", "telepathy"],
    ["entryMode", "telepathy"],
    ["country", "ZZ"],
    ["latitude", 91],
    ["ipAddress", "300.1.1.1"],
    ["deviceId", ""],
  ];
  for (const [field, value] of bad) {
    expect([field, value, faultsOf({ [field]: value }).map(([path]) => path)]).toEqual([
      field,
      value,
      [`/${field}`],
    ]);
  }
});

test("all faults of one transaction are reported together, unknown fields too", () => {
  const paths = faultsOf({ amountMinor: -1, currency: "?", surprise: true }).map(([path]) => path);
  expect(paths.toSorted()).toEqual(["/amountMinor", "/currency", "/surprise"]);
});

test("a future date is refused beyond the tolerance for clocks that run ahead", () => {
  const at = (aheadMs: number): unknown => new Date(nowMs + aheadMs).toISOString();
  expect(faultsOf({ occurredAt: at(futureToleranceMs) })).toEqual([]);
  expect(faultsOf({ occurredAt: at(futureToleranceMs + 1) })[0]?.[1]).toContain("in the future");
});

test("a card number is refused in any token, and says to send a token", () => {
  for (const number of ["4111111111111111", "4111-1111-1111-1111"]) {
    expect(faultsOf({ cardId: number })).toEqual([
      ["/cardId", "looks like a card number: send a token instead"],
    ]);
  }
  expect(faultsOf({ cardId: "4111111111111112" })).toEqual([]);
});

test("latitude and longitude come together", () => {
  expect(faultsOf({ longitude: undefined }).map(([path]) => path)).toEqual(["/latitude"]);
});
