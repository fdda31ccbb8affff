import { answerOf, type DecisionRecord } from "@tollgate/contracts";
import { expect, test } from "vitest";
import { decisionReader } from "../../src/find-decision.ts";
import { payment, problemIn, startApi } from "../support/start-api.ts";

test("200: a decision is found by its transaction's id, as it was answered", async () => {
  await using api = await startApi();
  const answered = await (await api.postJson("/v1/score", payment())).json();
  const found = await api.get("/v1/decisions/payment-000001");
  expect([found.status, await found.json()]).toEqual([200, answered]);
});

test("404: an id that nobody decided on says what to do", async () => {
  await using api = await startApi();
  const problem = await problemIn(await api.get("/v1/decisions/payment-9"));
  expect(problem).toMatchObject({ status: 404, code: "DECISION_NOT_FOUND" });
  expect(problem.detail).toContain("ask again in a few seconds");
});

test("400: what cannot be an id is not looked up", async () => {
  await using api = await startApi();
  for (const id of ["a%20b", "%2Fetc", "x".repeat(65), "%00"]) {
    const problem = await problemIn(await api.get(`/v1/decisions/${id}`));
    expect(problem).toMatchObject({ status: 400, code: "INVALID_TRANSACTION_ID" });
  }
});

test("401 and 403: it takes a key with decisions:read", async () => {
  await using api = await startApi({ scopes: ["score"] });
  expect((await api.get("/v1/decisions/a", {})).status).toBe(401);
  expect((await api.get("/v1/decisions/a")).status).toBe(403);
});

test("503: a store that is away is not taken for an empty one", async () => {
  await using api = await startApi({
    decisionReader: { findDecision: () => Promise.reject(new Error("away")) },
  });
  const problem = await problemIn(await api.get("/v1/decisions/a"));
  expect(problem).toMatchObject({ status: 503, code: "DECISIONS_UNAVAILABLE", retryable: true });
});

const record = {
  transactionId: "old",
  outcome: "approve",
  score: 0.1,
  reasons: [],
  model: { name: "card-payments", version: 1, digest: "d" },
  featureSet: "f",
  rung: "model",
  degraded: [],
  decidedAt: "2026-03-01T12:00:00.000Z",
  stageMicros: { recall: 0, compute: 0, predict: 0, decide: 0, record: 0 },
} as unknown as DecisionRecord;
const empty = { readDecisions: async () => [null] };
const away = { readDecisions: () => Promise.reject(new Error("redis is away")) };

test("a decision that Redis has forgotten is found in the ledger", async () => {
  const reader = decisionReader(empty, { findDecision: async () => record });
  expect(await reader.findDecision("old")).toEqual(answerOf(record));
});

test("with Redis away the ledger is asked, but its no is not believed", async () => {
  const found = decisionReader(away, { findDecision: async () => record });
  expect(await found.findDecision("old")).toEqual(answerOf(record));
  const unknown = decisionReader(away, { findDecision: async () => null });
  await expect(unknown.findDecision("old")).rejects.toThrow("redis is away");
});
