import { rmSync } from "node:fs";
import { startStack } from "@tollgate/local-stack";
import { until } from "@tollgate/testkit";
import { expect, onTestFinished, test } from "vitest";
import { exporterJob, exporterMetrics } from "../src/metrics/exporter-metrics.ts";
import { processEnvironment } from "../src/config.ts";

test("each exporter answers with the series that its panels query, or is said to be missing", async () => {
  const missing: string[] = [];
  const stack = await startStack({
    name: `exporters-${process.pid}`,
    services: ["kafka", "redis", "postgres", "prometheus"],
    // The search path alone: services that the environment names by URL run elsewhere.
    environment: { PATH: processEnvironment()["PATH"] },
    lifetime: "owned",
    durable: false,
    ports: "any",
    exporters: true,
    onProgress: ({ state, service }) => {
      if (state === "not-exported") missing.push(service);
    },
  });
  onTestFinished(async () => {
    await stack.stop();
    rmSync(stack.folder, { recursive: true, force: true });
  });
  const shown = Object.entries(stack.exporters);
  expect([...shown.map(([service]) => service), ...missing].toSorted()).toEqual([
    "kafka",
    "postgres",
    "redis",
  ]);
  for (const [service, url] of shown) {
    const names = Object.values(exporterMetrics[service as "kafka" | "postgres" | "redis"]);
    const absent = await until(
      async () => {
        const text = await (await fetch(`${url}/metrics`)).text();
        return names.every((name) => new RegExp(`^${name}[{ ]`, "mu").test(text)) ? [] : undefined;
      },
      { describe: `${names.join(", ")} at ${url}`, deadlineMs: 60_000 },
    );
    expect(absent).toEqual([]);
  }
  const parameters = new URLSearchParams({ query: `up{job="${exporterJob}"} == 1` });
  const query = `${stack.service("prometheus").url}/api/v1/query?${parameters.toString()}`;
  await until(
    async () => {
      const answer = (await (await fetch(query)).json()) as { data: { result: readonly unknown[] } };
      return answer.data.result.length === shown.length ? true : undefined;
    },
    { describe: "Prometheus scrapes them", deadlineMs: 60_000 },
  );
});
