import { testClock } from "../support/test-clock.ts";
import { expect, test } from "vitest";
import { payment, problemIn, startApi } from "../support/start-api.ts";

test("beyond its rate a key is told how long to wait, and after that it may", async () => {
  const clock = testClock();
  await using api = await startApi({ clock, ratePerSecond: 0.5, burst: 2 });
  expect((await api.postJson("/v1/score", payment())).status).toBe(200);
  expect((await api.postJson("/v1/score", payment())).status).toBe(200);
  const refused = await api.postJson("/v1/score", payment());
  expect(refused.headers.get("retry-after")).toBe("2");
  expect(refused.headers.get("ratelimit")).toBe('"key";r=0;t=2');
  expect(refused.headers.get("ratelimit-policy")).toBe('"key";q=2;w=4');
  expect(await problemIn(refused)).toMatchObject({ status: 429, code: "RATE_LIMITED", retryable: true });
  clock.advanceMs(2_000);
  expect((await api.postJson("/v1/score", payment())).status).toBe(200);
  expect(await api.telemetry.render()).toContain("tollgate_rate_limited_total 1\n");
});

test("a batch costs as many as it holds", async () => {
  const clock = testClock();
  await using api = await startApi({ clock, ratePerSecond: 1, burst: 10 });
  const batch = Array.from({ length: 8 }, (_, index) => payment({ id: `b-${index}` }));
  expect((await api.postJson("/v1/score/batch", batch)).status).toBe(200);
  const refused = await api.postJson("/v1/score/batch", batch);
  expect(refused.headers.get("retry-after")).toBe("6");
  expect(refused.status).toBe(429);
});

test("a batch above the burst passes once, and its debt is waited for", async () => {
  const clock = testClock();
  await using api = await startApi({ clock, ratePerSecond: 1, burst: 2 });
  const batch = Array.from({ length: 5 }, (_, index) => payment({ id: `b-${index}` }));
  expect((await api.postJson("/v1/score/batch", batch)).status).toBe(200);
  const refused = await api.postJson("/v1/score", payment());
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "4"]);
});

test("probes are never refused", async () => {
  const clock = testClock();
  await using api = await startApi({ clock, ratePerSecond: 0.001, burst: 1 });
  await api.postJson("/v1/score", payment());
  for (const path of ["/livez", "/readyz", "/metrics"]) {
    expect((await api.get(path)).status).toBe(200);
  }
});
