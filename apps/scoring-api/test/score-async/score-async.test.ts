import { ScoringError } from "@tollgate/scoring";
import { expect, test } from "vitest";
import { payment, problemIn, startApi } from "../support/start-api.ts";

const path = "/v1/score/async";

test("a transaction that is handed in is 202 with where its decision will be", async () => {
  await using api = await startApi();
  const response = await api.postJson(path, payment({ id: "later" }));
  expect([response.status, response.headers.get("location")]).toEqual([202, "/v1/decisions/later"]);
  expect(await response.json()).toEqual({ transactionId: "later", state: "pending" });
  expect(api.submitted.map(({ transaction }) => transaction.id)).toEqual(["later"]);
  expect(api.decisions.size).toBe(0);
  const pending = await api.get("/v1/decisions/later");
  expect([pending.status, pending.headers.get("retry-after")]).toEqual([202, "1"]);
  expect(await pending.json()).toEqual({ transactionId: "later", state: "pending" });
  await api.postJson("/v1/score", payment({ id: "later" }));
  const decided = await api.get("/v1/decisions/later");
  expect([decided.status, await decided.json()]).toEqual([200, api.decisions.get("later")]);
});

test("what is not valid is refused at once, every fault named, and not handed in", async () => {
  await using api = await startApi();
  const problem = await problemIn(await api.postJson(path, payment({ amountMinor: -1, currency: "XXX" })));
  expect(problem).toMatchObject({ status: 400, code: "INVALID_TRANSACTION" });
  expect(problem.faults?.map((fault) => fault.path).toSorted()).toEqual(["/amountMinor", "/currency"]);
  expect(api.submitted).toEqual([]);
});

test("while the event log does not take it nothing is promised: 503, to be sent again", async () => {
  await using api = await startApi({
    submissionSink: { submit: () => Promise.reject(new Error("Kafka is away")) },
  });
  const response = await api.postJson(path, payment());
  expect(response.headers.get("retry-after")).toBe("1");
  expect(await problemIn(response)).toMatchObject({ code: "SUBMISSION_NOT_RECORDED", retryable: true });
});

test("an id that is another card's is refused at once: 409", async () => {
  await using api = await startApi({
    submissionSink: { submit: () => Promise.reject(new ScoringError("TRANSACTION_ID_TAKEN")) },
  });
  const problem = await problemIn(await api.postJson(path, payment()));
  expect(problem).toMatchObject({ status: 409, code: "TRANSACTION_ID_TAKEN", retryable: false });
});

test("one that could not be decided says why", async () => {
  const faults = [{ path: "", message: "the version is not loaded here" }];
  await using api = await startApi({
    submissions: { find: async () => ({ state: "rejected", reason: "MODEL_NOT_LOADED", faults }) },
  });
  const problem = await problemIn(await api.get("/v1/decisions/later"));
  expect(problem).toMatchObject({ status: 422, code: "SUBMISSION_REJECTED", faults });
  expect(problem.detail).toContain("MODEL_NOT_LOADED");
});

test("a webhook goes only where the operator allows; the chosen model goes along", async () => {
  const webhookTargets = "https://shop.example,http://127.0.0.1:9999";
  await using api = await startApi({ webhookTargets, beside: ["card-payments@challenger"] });
  const handIn = async (webhook: string): Promise<Response> =>
    api.postJson(path, payment(), { "tollgate-webhook": webhook, "tollgate-model": "@challenger" });
  for (const refused of [
    "https://other.example/x",
    "https://shop.example:8443/x",
    "http://shop.example/x",
    "http://169.254.169.254/latest/meta-data",
    "http://127.0.0.1:9998/",
    "https://user:word@shop.example/x",
    "file:///etc/passwd",
    "not a url",
    `https://shop.example/${"x".repeat(3_000)}`,
  ]) {
    expect(await problemIn(await handIn(refused))).toMatchObject({
      status: 400,
      code: "WEBHOOK_NOT_ALLOWED",
    });
  }
  expect(api.submitted).toEqual([]);
  for (const webhook of ["https://shop.example/x?y=1", "http://127.0.0.1:9999/"]) {
    expect((await handIn(webhook)).status).toBe(202);
    expect(api.submitted.at(-1)).toMatchObject({ webhook, model: "@challenger" });
  }
});

test("without a list of origins no webhook is taken", async () => {
  await using api = await startApi();
  const response = await api.postJson(path, payment(), { "tollgate-webhook": "https://shop.example/x" });
  expect(await problemIn(response)).toMatchObject({ code: "WEBHOOK_NOT_ALLOWED" });
});
