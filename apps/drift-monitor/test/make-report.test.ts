import { expect, test } from "vitest";
import { htmlOf } from "../src/report/html.ts";
import { makeReport } from "../src/report/make-report.ts";
import { markdownOf } from "../src/report/markdown.ts";
import { parseReportOptions } from "../src/report/report-options.ts";
import { sampleData } from "./report-sample.ts";

test("a report says what drifted, since when, how much, and what is suggested", () => {
  const text = markdownOf(makeReport(sampleData()));
  expect(text).toContain("# Drift of card-payments@v1, 2026-03-02 00:00 to 2026-03-05 00:00");
  expect(text).toContain("8 of 24 windows drifted, in transaction:amount.");
  expect(text).toContain("suggests: review");
  expect(text).toContain(
    "![transaction:amount: the hour from 2026-03-02 02:00 beside its baseline.](figures/feature-1.svg)",
  );
  expect(text).toMatch(/\| hour \| 8 \| 4 \| 8 \| 4 \|/u);
});

test("the HTML is one file that fetches nothing, and text from the log is not markup", () => {
  const html = htmlOf(makeReport(sampleData()));
  expect(html).toContain("inputs &lt;moved&gt;");
  expect(html.match(/<svg /gu)).toHaveLength(4);
  expect(html).not.toMatch(/<script|<link|src=|url\(/u);
});

test("a stretch without drift or labels says so, instead of empty pictures", () => {
  const verdicts = sampleData().verdicts.filter(({ status }) => status === "ok");
  const text = markdownOf(
    makeReport({ ...sampleData(), verdicts, strongest: [], days: [], maturity: undefined }),
  );
  expect(text).toContain("Nothing drifted in 8 windows.");
  expect(text).toContain("No whole day is known yet.");
  expect(text).toContain("No label of fraud has arrived yet.");
});

test("the options of the report are checked", () => {
  const options = parseReportOptions(["--from", "2026-03-01", "--to", "2026-03-02T12:00:00Z"]);
  expect(options).toMatchObject({ from: "2026-03-01T00:00:00.000Z", to: "2026-03-02T12:00:00.000Z" });
  expect(() => parseReportOptions(["--from", "2026-03-01"])).toThrow("--to is missing");
  expect(() => parseReportOptions(["--from", "soon", "--to", "2026-03-02"])).toThrow("--from is soon");
  expect(() => parseReportOptions(["--colour"])).toThrow("--colour");
});
