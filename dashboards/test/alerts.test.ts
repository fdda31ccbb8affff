import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { engagement } from "@tollgate/engagement-card-payments";
import { createTelemetry } from "@tollgate/telemetry";
import { expect, test } from "vitest";
import { inhibitedAlerts } from "../src/alerts/alertmanager-configuration.ts";
import { alertGroups } from "../src/alerts/all-alerts.ts";
import { runbookOf } from "../src/alerts/alert.ts";
import { alertLimits } from "../src/alerts/limits.ts";
import { serviceLevels } from "../src/alerts/service-level-indicators.ts";
import { committedFiles, committedFolder, repositoryFolder } from "../src/generated-files.ts";
import { processMetrics } from "../src/metrics/process-metrics.ts";
import { knownMetrics } from "./support/known-metrics.ts";
import { metricsIn } from "./support/metrics-in.ts";

const groups = alertGroups(engagement);
const alerts = groups.flatMap((group) => group.alerts);
const sections = ["What it means", "How to see it", "Do first", "Do then"];
const runbooks = join(repositoryFolder, "docs", "runbooks");

test.each([...committedFiles(engagement)])("%s is what `npm run dashboards` writes", (path, text) => {
  expect(readFileSync(join(repositoryFolder, path), "utf8")).toBe(text);
});

test("nothing lies among the generated files that is not generated", () => {
  const there = readdirSync(join(repositoryFolder, committedFolder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(repositoryFolder.length));
  const generated = [...committedFiles(engagement).keys()];
  expect(there.filter((path) => !generated.includes(path))).toEqual([]);
});

test("every alert has a runbook that says what it means, how to see it, what to do first and then", () => {
  for (const { name } of alerts) {
    const text = readFileSync(join(runbooks, `${runbookOf(name)}.md`), "utf8");
    const headings = [...text.matchAll(/^## (.+)\n\n\S/gmu)].map(([, heading]) => heading);
    expect({ name, headings }).toEqual({ name, headings: sections });
  }
});

test("every runbook belongs to an alert", () => {
  const pages = readdirSync(runbooks).map((file) => file.replace(/\.md$/u, ""));
  expect(pages.toSorted()).toEqual(alerts.map(({ name }) => runbookOf(name)).toSorted());
});

test("every metric in a rule is known", () => {
  const known = knownMetrics(engagement);
  const expressions = groups.flatMap((group) => [...group.recordings, ...group.alerts]);
  for (const { expression } of expressions) {
    expect(metricsIn(expression).length).toBeGreaterThan(0);
    expect(metricsIn(expression).filter((name) => !known.has(name))).toEqual([]);
  }
});

test("the names of series are found wherever a query has them", () => {
  const expression =
    'sum by (le) (rate(a_total{x="b_total{"}[5m])) / on (part) group_left scalar(c:d_e offset 1h) or up > 1';
  expect(metricsIn(expression)).toEqual(["a_total", "c:d_e", "up"]);
});

test("every summary shows the value", () => {
  expect(alerts.filter(({ summary }) => !summary.includes("$value"))).toEqual([]);
});

test("an alert that silences another, or is silenced, exists", () => {
  const names = alerts.map(({ name }) => name);
  expect(inhibitedAlerts.filter((name) => !names.includes(name))).toEqual([]);
});

test("burn rates follow from the promise: 14.4 times the share that may be bad", () => {
  const [fastest] = alertLimits.burnRates.fast;
  for (const level of serviceLevels(engagement)) {
    const alert = alerts.find((one) => one.labels?.["slo"] === level.name && one.severity === "page");
    const threshold = Number((fastest.factor * level.budgetShare).toPrecision(6));
    expect(alert?.expression).toContain(`${level.recorded("1h")} > ${threshold}`);
  }
});

test("the metrics named for every process are those that a process has", async () => {
  const text = await createTelemetry().render();
  for (const name of Object.values(processMetrics)) expect(text).toContain(`# TYPE ${name} `);
});
