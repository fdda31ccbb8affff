import { expect, test } from "vitest";
import { problemIn, startApi } from "../support/start-api.ts";

test("it is live and ready without a key", async () => {
  await using api = await startApi({ readinessParts: [{ name: "redis", check: () => {} }] });
  expect((await api.get("/livez", {})).status).toBe(200);
  const ready = await api.get("/readyz", {});
  expect([ready.status, await ready.json()]).toEqual([
    200,
    { ready: true, parts: { redis: "ok", serving: "ok" } },
  ]);
});

test("a part that is away makes it not ready, and it still scores what comes", async () => {
  const check = (): never => {
    throw new Error("connect ECONNREFUSED 10.0.0.7:6379");
  };
  await using api = await startApi({ readinessParts: [{ name: "redis", check }] });
  const response = await api.get("/readyz", {});
  const text = await response.text();
  expect(response.status).toBe(503);
  expect(JSON.parse(text)).toEqual({ ready: false, parts: { redis: "failed", serving: "ok" } });
  expect(text).not.toContain("10.0.0.7");
});

test("while it is being stopped it is not ready", async () => {
  await using api = await startApi({ isDraining: () => true });
  const response = await api.get("/readyz", {});
  expect([response.status, await response.json()]).toEqual([
    503,
    { ready: false, parts: { serving: "failed" } },
  ]);
});

test("metrics are open where pages are open, and else ask for a key with metrics:read", async () => {
  await using open = await startApi();
  const metrics = await open.get("/metrics", {});
  expect(metrics.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  expect(await metrics.text()).toContain("# TYPE tollgate_http_requests_total counter");
  await using closed = await startApi({ openPages: false, scopes: ["score"] });
  expect((await problemIn(await closed.get("/metrics", {}))).code).toBe("UNAUTHENTICATED");
  expect((await problemIn(await closed.get("/metrics"))).code).toBe("MISSING_SCOPE");
});

test("docs and openapi.json are open where pages are open, and else ask for any key", async () => {
  await using open = await startApi();
  await using closed = await startApi({ openPages: false, scopes: ["labels"] });
  for (const path of ["/docs", "/openapi.json"]) {
    const statuses = await Promise.all([open.get(path, {}), closed.get(path, {}), closed.get(path)]);
    expect(statuses.map(({ status }) => status)).toEqual([200, 401, 200]);
  }
});

test("HEAD gets the same as GET, without the body", async () => {
  await using api = await startApi();
  const response = await fetch(`${api.url}/livez`, { method: "HEAD" });
  expect([response.status, await response.text()]).toEqual([200, ""]);
});
