import { createLifecycle, silentLogger } from "@tollgate/runtime";
import { expect, test } from "vitest";
import { createTelemetry, startProbeServer, type ReadinessPart } from "../src/index.ts";

async function startProbes(parts: readonly ReadinessPart[]) {
  const lifecycle = createLifecycle();
  const { port } = await startProbeServer({
    host: "127.0.0.1",
    port: 0,
    telemetry: createTelemetry({ processMetrics: false }),
    ready: parts,
    logger: silentLogger(),
    lifecycle,
  });
  const get = (path: string, method = "GET"): Promise<Response> =>
    fetch(`http://127.0.0.1:${port}${path}`, { method, headers: { connection: "close" } });
  return { lifecycle, get };
}

const works: ReadinessPart = { name: "redis", check: () => {} };
const broken: ReadinessPart = {
  name: "kafka",
  check: () => Promise.reject(new Error("connect ECONNREFUSED 10.0.0.7:9092")),
};

test("it is live as soon as it listens, and ready when every part works", async () => {
  const { get, lifecycle } = await startProbes([works]);
  expect((await get("/livez")).status).toBe(200);
  const ready = await get("/readyz");
  expect([ready.status, await ready.json()]).toEqual([
    200,
    { ready: true, parts: { redis: "ok", serving: "ok" } },
  ]);
  await lifecycle.stop();
});

test("a part that fails makes it not ready, and no address of it is given away", async () => {
  const { get, lifecycle } = await startProbes([works, broken]);
  const response = await get("/readyz");
  const text = await response.text();
  expect(response.status).toBe(503);
  expect(JSON.parse(text)).toEqual({
    ready: false,
    parts: { redis: "ok", kafka: "failed", serving: "ok" },
  });
  expect(text).not.toContain("10.0.0.7");
  await lifecycle.stop();
});

test("a check that never answers counts as failed", async () => {
  const { get, lifecycle } = await startProbes([{ name: "model", check: () => new Promise(() => {}) }]);
  expect((await get("/readyz")).status).toBe(503);
  await lifecycle.stop();
});

test("it is not ready while the process stops, and closed when it has stopped", async () => {
  const { get, lifecycle } = await startProbes([works]);
  let draining: Response | undefined;
  lifecycle.onStop("consumer", async () => {
    draining = await get("/readyz");
  });
  await lifecycle.stop();
  expect(draining?.status).toBe(503);
  await expect(get("/livez")).rejects.toThrow("fetch failed");
});

test("metrics are served as text, other paths and methods are refused", async () => {
  const { get, lifecycle } = await startProbes([works]);
  const metrics = await get("/metrics");
  expect(metrics.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  expect(await metrics.text()).toContain("# TYPE tollgate_dead_letters_total counter");
  expect((await get("/nothing")).status).toBe(404);
  expect((await get("/livez", "POST")).status).toBe(405);
  await lifecycle.stop();
});
