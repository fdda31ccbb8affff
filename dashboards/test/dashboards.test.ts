import { compileEngagement } from "@tollgate/engagement";
import { engagement } from "@tollgate/engagement-card-payments";
import { expect, test } from "vitest";
import { alertGroups } from "../src/alerts/all-alerts.ts";
import { allDashboards } from "../src/dashboards/all-dashboards.ts";
import { deploymentFiles } from "../src/generated-files.ts";
import { grafanaFiles } from "../src/grafana/provisioning.ts";
import { placePanels } from "../src/panels/place-panels.ts";
import { localAddresses } from "../src/settings.ts";
import { knownMetrics } from "./support/known-metrics.ts";
import { metricsIn } from "./support/metrics-in.ts";

interface GrafanaPanel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly refId: string; readonly expr: string }[];
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
  readonly links?: readonly { readonly url: string }[];
}

interface GrafanaFile {
  readonly uid: string;
  readonly panels: readonly GrafanaPanel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly query: unknown }[] };
  readonly annotations: { readonly list: readonly { readonly name: string; readonly expr?: string }[] };
}

const definitions = allDashboards(engagement);
const written = [...grafanaFiles(engagement, localAddresses)]
  .filter(([path]) => path.endsWith(".json"))
  .map(([path, text]) => ({ path, ...(JSON.parse(text) as GrafanaFile) }));
const panels = definitions.flatMap(({ rows }) => rows.flatMap((row) => row.panels));

test("every dashboard is written, under its own identity", () => {
  expect(written.map(({ uid }) => uid)).toEqual(definitions.map(({ uid }) => uid));
  expect(new Set(definitions.map(({ uid }) => uid)).size).toBe(definitions.length);
});

test.each(written)("no two panels of $path overlap, and none leaves the grid", ({ panels: placed }) => {
  const taken = new Map<string, string>();
  const overlaps: string[] = [];
  for (const { title, gridPos } of placed) {
    expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
        const other = taken.get(`${x},${y}`);
        if (other !== undefined) overlaps.push(`${title} lies on ${other}`);
        taken.set(`${x},${y}`, title);
      }
    }
  }
  expect(overlaps).toEqual([]);
});

test.each(written)("every panel of $path has a title, a unit, a description and a query", (dashboard) => {
  const bare = dashboard.panels
    .filter(({ type }) => type !== "row")
    .filter(
      ({ title, description = "", fieldConfig, targets = [] }) =>
        title === "" ||
        description.length < 20 ||
        fieldConfig?.defaults.unit === undefined ||
        targets.length === 0,
    );
  expect(bare.map(({ title }) => title)).toEqual([]);
});

test.each(written)("ids and query letters in $path are unique", ({ panels: placed }) => {
  expect(new Set(placed.map(({ id }) => id)).size).toBe(placed.length);
  for (const { targets = [] } of placed) {
    expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
    expect(targets.filter(({ refId }) => !/^[A-Z]$/u.test(refId))).toEqual([]);
  }
});

test.each(written)("$path offers the variables that its queries use, and no other", (dashboard) => {
  const used: readonly (string | undefined)[] = dashboard.panels
    .flatMap(({ targets = [] }) => targets)
    .flatMap(({ expr }) => [...expr.matchAll(/\$([a-z]+)/gu)].map(([, name]) => name));
  const offered = dashboard.templating.list.map(({ name }) => name).filter((name) => name !== "datasource");
  expect(offered.toSorted()).toEqual(Array.from(new Set(used), String).toSorted());
});

test("engagement, model, version, segment and process can be chosen where a metric has them", () => {
  const variablesOf = (uid: string): readonly string[] =>
    written.find((one) => one.uid === uid)?.templating.list.map(({ name }) => name) ?? [];
  expect(variablesOf("tollgate-overview")).toContain("engagement");
  for (const uid of ["tollgate-models", "tollgate-drift", "tollgate-scoring"]) {
    expect(variablesOf(uid)).toEqual(expect.arrayContaining(["model", "version", "instance"]));
  }
  expect(variablesOf("tollgate-fraud-and-money")).toContain("segment");
});

test("swaps of models and drift are marked on every dashboard, by metrics that exist", () => {
  const known = knownMetrics(engagement);
  for (const { annotations } of written) {
    expect(annotations.list.map(({ name }) => name)).toEqual(["Model swaps", "Drift"]);
    const names = annotations.list.flatMap(({ expr = "" }) => metricsIn(expr));
    expect(names.filter((name) => !known.has(name))).toEqual([]);
    expect(names).not.toEqual([]);
  }
});

test("every metric in every query of the written files is known", () => {
  const known = knownMetrics(engagement);
  for (const { targets = [] } of written.flatMap((dashboard) => dashboard.panels)) {
    for (const { expr } of targets) {
      expect(metricsIn(expr).length).toBeGreaterThan(0);
      expect(metricsIn(expr).filter((name) => !known.has(name))).toEqual([]);
    }
  }
});

test("a panel's runbooks are those of alerts that exist, and every alert is on a panel", () => {
  const names = alertGroups(engagement).flatMap((group) => group.alerts.map(({ name }) => name));
  const linked = new Set(panels.flatMap(({ alerts = [] }) => alerts));
  expect([...linked].filter((name) => !names.includes(name))).toEqual([]);
  expect(names.filter((name) => !linked.has(name))).toEqual([]);
});

test("an alert's dashboard exists", () => {
  const uids = definitions.map(({ uid }) => uid);
  const alerts = alertGroups(engagement).flatMap((group) => group.alerts);
  expect(alerts.filter(({ dashboard }) => !uids.includes(dashboard))).toEqual([]);
});

test("a promise that changes moves the line on its panel and the threshold of its alert", () => {
  const stricter = { ...engagement, service: { ...engagement.service, scoringLatencyP99Ms: 50 } };
  const latency = allDashboards(stricter)
    .flatMap(({ rows }) => rows.flatMap((row) => row.panels))
    .find(({ title }) => title === "Latency of scoring by HTTP");
  expect(latency?.thresholds).toEqual({ bad: 0.05 });
  const [recording] = alertGroups(stricter)[0]?.recordings ?? [];
  expect(recording?.expression).toContain('le="0.05"');
});

test("a promise that no bucket can tell is refused, with what to do", () => {
  const odd = { ...engagement, service: { ...engagement.service, scoringLatencyP99Ms: 42 } };
  expect(() => alertGroups(odd)).toThrow(/no bucket that ends at 0.042: give it one in the catalogue/u);
});

test("panels flow from left to right and wrap where the next does not fit", () => {
  const panel = { ...panels[0], width: 12, kind: "lines" } as (typeof panels)[number];
  const [row] = placePanels([{ title: "row", panels: [panel, panel, panel] }]);
  expect(row?.panels.map(({ place }) => [place.x, place.y])).toEqual([
    [0, 1],
    [12, 1],
    [0, 9],
  ]);
});

test("dashboards and alerts name no feature: one that is added is shown by the name its drift has", () => {
  const texts = [...deploymentFiles(engagement, localAddresses).values()].join("\n");
  const { names } = compileEngagement(engagement).featureSet;
  expect(names.filter((name) => texts.includes(name))).toEqual([]);
  const legends = allDashboards(engagement)
    .flatMap(({ rows }) => rows.flatMap((row) => row.panels))
    .filter(({ queries }) => queries.some(({ expression }) => /drift_(?:alarm|score)/u.test(expression)))
    .flatMap(({ queries }) => queries.map(({ legend }) => legend));
  expect(legends.length).toBeGreaterThan(0);
  expect(legends.filter((legend) => !legend.includes("{{feature}}"))).toEqual([]);
});
