import { expect, test } from "vitest";
import { createClient, TollgateError, TollgateUnreachable, type TollgateClient } from "../src/index.ts";
import { problem, scriptedApi, type ScriptedAnswer } from "./scripted-api.ts";

const decided: ScriptedAnswer = { status: 200, body: '{"transactionId":"a","decision":"approve"}' };
const payment = { id: "a" };

function clientOf(url: string): {
  readonly client: TollgateClient<{ id: string }>;
  readonly pauses: number[];
} {
  const pauses: number[] = [];
  const pause = async (milliseconds: number): Promise<void> => void pauses.push(milliseconds);
  return { client: createClient<{ id: string }>({ url, key: "key", pause }), pauses };
}

test("what the API calls retryable is sent again with the same id, after the time it asks for", async () => {
  const api = await scriptedApi([
    problem(429, "RATE_LIMITED", { retryable: true, headers: { "retry-after": "2" } }),
    problem(503, "NOT_RECORDED", { retryable: true }),
    { ...decided, headers: { "tollgate-repeated": "true" } },
  ]);
  const { client, pauses } = clientOf(api.url);
  const options = { deadlineMs: 80, model: "@challenger", requestId: "r-1" };
  expect(await client.score(payment, options)).toMatchObject({
    repeated: true,
    decision: { decision: "approve" },
  });
  expect(pauses).toEqual([2_000, 200]);
  expect(api.requests.map(({ body }) => body)).toEqual(Array(3).fill('{"id":"a"}'));
  expect(api.requests[0]?.path).toBe("/v1/score");
  expect(api.requests[0]?.headers).toMatchObject({
    authorization: "Bearer key",
    "content-type": "application/json",
    "tollgate-deadline-ms": "80",
    "tollgate-model": "@challenger",
    "x-request-id": "r-1",
  });
});

test("what is refused for good is not sent again, whatever its status", async () => {
  const headers = { "x-request-id": "r-7" };
  const api = await scriptedApi([problem(503, "ODD", { retryable: false, headers }), decided]);
  const { client, pauses } = clientOf(api.url);
  const error: unknown = await client.score(payment).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(TollgateError);
  expect(error).toMatchObject({ code: "ODD", status: 503, retryable: false, requestId: "r-7" });
  expect([pauses, api.requests.length]).toEqual([[], 1]);
});

test("after five times, or when it should wait too long, the caller is told", async () => {
  const busy = problem(503, "OVERLOADED", { retryable: true });
  const api = await scriptedApi(Array<ScriptedAnswer>(9).fill(busy));
  const { client, pauses } = clientOf(api.url);
  await expect(client.score(payment)).rejects.toMatchObject({ code: "OVERLOADED" });
  expect(pauses).toEqual([100, 200, 400, 800]);
  const long = await scriptedApi([
    problem(503, "OVERLOADED", { retryable: true, headers: { "retry-after": "60" } }),
  ]);
  await expect(clientOf(long.url).client.score(payment)).rejects.toMatchObject({ retryAfterMs: 60_000 });
});

test("no answer is not taken for a refusal, and not sent again by itself", async () => {
  const api = await scriptedApi(["break", decided]);
  const { client } = clientOf(api.url);
  await expect(client.score(payment)).rejects.toBeInstanceOf(TollgateUnreachable);
  expect(api.requests).toHaveLength(1);
  await expect(client.score(payment, { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow(
    "enough",
  );
});

test("what a proxy answers in the API's place is an error, not a decision", async () => {
  const api = await scriptedApi([
    { status: 502, body: "<html>Bad gateway" },
    { status: 404, body: '{"error":"MODEL_NOT_LOADED: card-payments/9 is not loaded"}' },
    { status: 200, body: "<html>Welcome" },
  ]);
  const { client } = clientOf(api.url);
  await expect(client.score(payment)).rejects.toMatchObject({
    code: "UNKNOWN",
    status: 502,
    retryable: false,
  });
  await expect(client.model("a/b")).rejects.toMatchObject({ code: "MODEL_NOT_LOADED" });
  expect(api.requests[1]?.path).toBe("/v2/models/a%2Fb");
  await expect(client.score(payment)).rejects.toBeInstanceOf(TollgateUnreachable);
});

test("one that was handed in is asked for, ever less often, until it is decided or time is up", async () => {
  const pending: ScriptedAnswer = { status: 202, body: '{"transactionId":"a","state":"pending"}' };
  const api = await scriptedApi([pending, pending, pending, decided, pending, pending, pending]);
  const { client, pauses } = clientOf(api.url);
  const webhook = "https://example.com/hook";
  expect(await client.scoreLater(payment, { webhook })).toMatchObject({ state: "pending" });
  expect(api.requests[0]?.headers["tollgate-webhook"]).toBe(webhook);
  expect(await client.waitForDecision("a")).toMatchObject({ decision: "approve" });
  expect(pauses).toEqual([100, 200]);
  await expect(client.waitForDecision("a", { withinMs: 150 })).rejects.toBeInstanceOf(TollgateUnreachable);
  expect(pauses).toEqual([100, 200, 100, 50]);
});
