import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { engagement } from "@tollgate/engagement-card-payments";
import { expect, onTestFinished, test } from "vitest";
import { allDashboards } from "../src/dashboards/all-dashboards.ts";
import type { PageDashboard } from "../src/page/page-dashboards.ts";
import { startPageServer } from "../src/page/page-server.ts";

const nowhere = "http://127.0.0.1:9";

async function startPage(prometheusUrl = nowhere): Promise<string> {
  const server = await startPageServer({ promises: engagement, prometheusUrl, port: 0 });
  onTestFinished(() => server.stop());
  return server.url;
}

test("the page has every panel of every dashboard, placed, and runbooks that open", async () => {
  const url = await startPage();
  const dashboards = (await (await fetch(`${url}/dashboards.json`)).json()) as PageDashboard[];
  const panelsOf = (list: readonly { readonly rows: readonly { readonly panels: readonly unknown[] }[] }[]) =>
    list.map(({ rows }) => rows.flatMap(({ panels }) => panels).length);
  expect(panelsOf(dashboards)).toEqual(panelsOf(allDashboards(engagement)));
  const panels = dashboards.flatMap(({ rows }) => rows.flatMap((row) => row.panels));
  const runbooks = new Set(panels.flatMap((panel) => panel.runbooks.map((runbook) => runbook.url)));
  for (const runbook of runbooks) expect((await fetch(`${url}${runbook}`)).status).toBe(200);
});

test("the page's own files are there, uPlot among them", async () => {
  const url = await startPage();
  const html = await (await fetch(url)).text();
  const paths = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/gu)].map(([, path]) => path);
  for (const path of [...paths, "/uplot.mjs", "/draw-lines.mjs", "/draw-heatmap.mjs", "/ask.mjs"]) {
    expect((await fetch(`${url}${path}`)).status).toBe(200);
  }
});

test("an alert's link to a dashboard opens it", async () => {
  const response = await fetch(`${await startPage()}/d/tollgate-stream`, { redirect: "manual" });
  expect([response.status, response.headers.get("location")]).toEqual([302, "/#tollgate-stream"]);
});

test("of Prometheus only what reads is reached, and nothing else of the disk", async () => {
  const asked: string[] = [];
  const prometheus = createServer((request, response) => {
    asked.push(request.url ?? "");
    response.end('{"status":"success"}');
  });
  await new Promise<void>((resolve) => {
    prometheus.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => {
    prometheus.close();
    prometheus.closeAllConnections();
  });
  const url = await startPage(`http://127.0.0.1:${(prometheus.address() as AddressInfo).port}`);
  expect((await fetch(`${url}/api/v1/query_range?query=up`)).status).toBe(200);
  expect((await fetch(`${url}/api/v1/label/version/values?match[]=up`)).status).toBe(200);
  expect((await fetch(`${url}/api/v1/label/__name__/values`)).status).toBe(404);
  expect((await fetch(`${url}/api/v1/admin/tsdb/snapshot`)).status).toBe(404);
  expect((await fetch(`${url}/-/quit`)).status).toBe(404);
  expect((await fetch(`${url}/api/v1/query_range`, { method: "POST" })).status).toBe(405);
  expect((await fetch(`${url}/%2e%2e/package.json`)).status).toBe(404);
  expect(asked).toEqual(["/api/v1/query_range?query=up", "/api/v1/label/version/values?match[]=up"]);
});

test("a Prometheus that is away is said in the answer", async () => {
  const response = await fetch(`${await startPage()}/api/v1/query_range?query=up`);
  expect(response.status).toBe(502);
  expect(await response.json()).toMatchObject({ status: "error" });
});

test("values are shown in their unit", async () => {
  const { formatValue } = (await import(new URL("../page/format.mjs", import.meta.url).href)) as {
    formatValue: (value: number | null, unit: string, decimals?: number) => string;
  };
  expect(formatValue(0.0123, "s")).toBe("12.3 ms");
  expect(formatValue(0.000_25, "s")).toBe("250 µs");
  expect(formatValue(0.0213, "percentunit", 2)).toBe("2.13 %");
  expect(formatValue(200_000_000, "bytes")).toBe("190.7 MiB");
  expect(formatValue(1234, "reqps")).toBe("1234 req/s");
  expect(formatValue(125_000, "short")).toBe("125.0 k");
  expect(formatValue(6_156_000, "dtdurations")).toBe("71.3 d");
  expect(formatValue(null, "short")).toBe("–");
});
