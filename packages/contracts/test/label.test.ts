import { expect, test } from "vitest";
import { labelFutureToleranceMs, parseLabel } from "../src/index.ts";

const nowMs = Date.UTC(2026, 2, 1, 12);
const label = {
  labelId: "chargeback-1",
  transactionId: "payment-1",
  fraud: true,
  source: "chargeback",
  labelledAt: "2026-03-01T12:00:00+01:00",
};

test("a label with every field right is taken as it is, with or without a pattern", () => {
  expect(parseLabel(label, nowMs)).toEqual({ ok: true, value: label });
  expect(parseLabel({ ...label, pattern: "stolen-card" }, nowMs).ok).toBe(true);
});

test("every fault of a label is reported, each with its path", () => {
  const parsed = parseLabel(
    {
      labelId: "",
      transactionId: "has a space",
      fraud: "yes",
      source: "rumour",
      labelledAt: "2026-03-01 12:00",
      pattern: "x".repeat(65),
      extra: 1,
    },
    nowMs,
  );
  const paths = parsed.ok ? [] : parsed.faults.map((fault) => fault.path);
  expect(paths.toSorted()).toEqual(
    ["/extra", "/fraud", "/labelId", "/labelledAt", "/pattern", "/source", "/transactionId"].toSorted(),
  );
});

test("what is not an object is one fault, at the root", () => {
  for (const input of [null, 3, "label", [label]]) {
    expect(parseLabel(input, nowMs)).toEqual({
      ok: false,
      faults: [{ path: "", message: "must be a JSON object" }],
    });
  }
});

test("a label from the future is refused beyond what clocks may differ by, and says so", () => {
  const labelledAt = (aheadMs: number): string => new Date(nowMs + aheadMs).toISOString();
  expect(parseLabel({ ...label, labelledAt: labelledAt(labelFutureToleranceMs) }, nowMs).ok).toBe(true);
  expect(parseLabel({ ...label, labelledAt: labelledAt(labelFutureToleranceMs + 1) }, nowMs)).toEqual({
    ok: false,
    faults: [{ path: "/labelledAt", message: "must not lie more than 5 minutes in the future" }],
  });
});
