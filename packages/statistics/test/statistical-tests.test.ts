import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { referenceTable } from "./support/reference-table.ts";
import { driftMeasures, statisticalTests, StatisticsError, statisticsErrors } from "../src/index.ts";

const page = readFileSync(new URL("../../../docs/reference/statistics.md", import.meta.url), "utf8");

test("docs/reference/statistics.md holds the table of the list, row for row", () => {
  const table = page.split("\n").filter((line) => line.startsWith("| "));
  expect(table.slice(0, statisticalTests.length + 2).join("\n")).toBe(referenceTable());
});

test("the page names every error and what to do", () => {
  for (const [code, message] of Object.entries(statisticsErrors)) {
    expect(page).toContain(`| \`${code}\` | ${message} |`);
  }
});

test("every test is listed once, with a sane range and minimum", () => {
  const names = statisticalTests.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { range, minimumValues } of statisticalTests) {
    expect(range[0]).toBeLessThan(range[1]);
    expect(Number.isInteger(minimumValues) && minimumValues >= 1).toBe(true);
  }
  for (const [name, measure] of Object.entries(driftMeasures)) expect(measure.name).toBe(name);
});

test("an error carries its code, the detail and what to do", () => {
  const error = new StatisticsError("NOT_COUNTS", "reference[3] is -1");
  expect(error.code).toBe("NOT_COUNTS");
  expect(error.message).toBe(`NOT_COUNTS: reference[3] is -1. ${statisticsErrors.NOT_COUNTS}`);
});
