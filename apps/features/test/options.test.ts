import { expect, test } from "vitest";
import { parseOptions } from "../src/options.ts";

const nowMs = Date.parse("2026-07-01T00:00:00Z");
const interval = ["--from", "2026-06-01", "--to", "2026-06-02"];

test("an export knows what was known at the time of the call, unless told otherwise", () => {
  expect(parseOptions(["export", ...interval, "--out", "rows.parquet"], nowMs)).toEqual({
    command: "export",
    engagement: undefined,
    source: "kafka",
    json: false,
    fromMs: Date.parse("2026-06-01T00:00:00Z"),
    toMs: Date.parse("2026-06-02T00:00:00Z"),
    asOfMs: nowMs,
    workFolder: undefined,
    out: "rows.parquet",
  });
  const asOf = parseOptions(["skew", ...interval, "--as-of", "2026-06-03"], nowMs);
  expect(asOf).toMatchObject({ asOfMs: Date.parse("2026-06-03T00:00:00Z") });
});

test("an engagement is named short or in full", () => {
  expect(parseOptions(["rebuild", "--engagement", "ulb"], nowMs)).toMatchObject({
    command: "rebuild",
    engagement: "@tollgate/engagement-ulb",
    keepOld: false,
  });
  expect(parseOptions(["rebuild", "--engagement", "@client/x"], nowMs)).toMatchObject({
    engagement: "@client/x",
  });
});

test.for([
  [[], "it must be rebuild, drop, export or skew"],
  [["replay"], "it must be rebuild, drop, export or skew"],
  [["rebuild", "skew"], "one command at a time"],
  [["rebuild", "--source", "redis"], "--source is redis: it must be kafka or ledger"],
  [["skew", "--from", "2026-06-01"], "--to is missing"],
  [["skew", "--from", "soon", "--to", "2026-06-02"], "--from is soon: it must be a date such as"],
  [["skew", "--from", "2026-06-02", "--to", "2026-06-01"], "is not before --to"],
  [["export", ...interval], "--out is missing"],
  [["rebuild", "--fast"], "npm run features"],
] as const)("the arguments %j are refused with what they must be", ([args, message]) => {
  expect(() => parseOptions(args, nowMs)).toThrow(message);
});
