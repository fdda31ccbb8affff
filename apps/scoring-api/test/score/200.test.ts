import type { DecisionAnswer } from "@tollgate/contracts";
import type { Deadline } from "@tollgate/runtime";
import { expect, test } from "vitest";
import { payment, startApi } from "../support/start-api.ts";

test("an accepted transaction gets its decision, with reasons and versions", async () => {
  await using api = await startApi();
  const response = await api.postJson("/v1/score", payment());
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("application/json");
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect(response.headers.get("tollgate-repeated")).toBeNull();
  expect(await response.json()).toMatchObject({
    transactionId: "payment-000001",
    decision: "approve",
    score: null,
    rung: "rules",
    degraded: ["model"],
  });
});

test("a no is an answer: 200 with the rule that said it", async () => {
  await using api = await startApi();
  const response = await api.postJson("/v1/score", payment({ amountMinor: 2_000_000 }));
  expect(response.status).toBe(200);
  const answer = (await response.json()) as DecisionAnswer;
  expect(answer.decision).toBe("review");
  expect(answer.reasons.map(({ code }) => code)).toContain("AMOUNT_ABOVE_LIMIT");
});

test("a repeated id gets the first decision, and the header says so", async () => {
  await using api = await startApi();
  const first = await api.postJson("/v1/score", payment());
  const second = await api.postJson("/v1/score", payment({ amountMinor: 2_000_000 }));
  expect(second.status).toBe(200);
  expect(second.headers.get("tollgate-repeated")).toBe("true");
  expect(await second.text()).toBe(await first.text());
  expect(await api.telemetry.render()).toContain('tollgate_duplicates_total{source="http"} 1\n');
});

test("a query string and a charset change nothing", async () => {
  await using api = await startApi();
  const type = { "content-type": 'application/json; charset="UTF-8"' };
  expect((await api.postJson("/v1/score?trace=1", payment(), type)).status).toBe(200);
});

test("a caller's request id comes back; one that could harm a log is replaced", async () => {
  await using api = await startApi();
  const kept = await api.postJson("/v1/score", payment(), { "x-request-id": "shop-7:42" });
  expect(kept.headers.get("x-request-id")).toBe("shop-7:42");
  const replaced = await api.postJson("/v1/score", payment(), { "x-request-id": 'a"} {"b' });
  expect(replaced.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
});

test("the caller's deadline reaches the scorer, capped; without one the default holds", async () => {
  const budgetsMs: number[] = [];
  await using inner = await startApi();
  await using api = await startApi({
    scorer: (requests, deadline: Deadline) => {
      budgetsMs.push(deadline.remainingMs());
      return inner.score(requests, deadline);
    },
  });
  await api.postJson("/v1/score", payment(), { "tollgate-deadline-ms": "1000" });
  await api.postJson("/v1/score", payment(), { "tollgate-deadline-ms": "999999" });
  await api.postJson("/v1/score", payment());
  const [asked = 0, capped = 0, usual = 0] = budgetsMs;
  expect(asked).toBeGreaterThan(100);
  expect(asked).toBeLessThanOrEqual(1_000);
  expect(capped).toBeGreaterThan(1_000);
  expect(capped).toBeLessThanOrEqual(5_000);
  expect(usual).toBeLessThanOrEqual(100);
});

test("a key in X-Api-Key is as good as a bearer key", async () => {
  await using api = await startApi();
  const response = await fetch(`${api.url}/v1/score`, {
    method: "POST",
    headers: { "x-api-key": api.key, "content-type": "application/json" },
    body: JSON.stringify(payment()),
  });
  expect(response.status).toBe(200);
});

test("requests and their time are counted by route and status", async () => {
  await using api = await startApi();
  await api.postJson("/v1/score", payment());
  const text = await api.telemetry.render();
  expect(text).toContain('tollgate_http_requests_total{route="/v1/score",status="200"} 1\n');
  expect(text).toContain('tollgate_http_request_duration_seconds_count{route="/v1/score"} 1\n');
  expect(text).toContain('tollgate_score_duration_seconds_count{source="http"} 1\n');
});
