import { ScoringError, scoringLimits } from "@tollgate/scoring";
import { expect, test } from "vitest";
import { payment, startApi } from "../support/start-api.ts";

interface BatchResult {
  readonly status: number;
  readonly repeated?: boolean;
  readonly answer?: { readonly transactionId: string };
  readonly problem?: { readonly code: string; readonly faults?: readonly { readonly path: string }[] };
}

async function resultsIn(response: Response): Promise<readonly BatchResult[]> {
  expect(response.status).toBe(200);
  return ((await response.json()) as { readonly results: readonly BatchResult[] }).results;
}

function payments(count: number): readonly Record<string, unknown>[] {
  return Array.from({ length: count }, (_, index) => payment({ id: `b-${index}` }));
}

test("every transaction gets its own answer, in the order sent", async () => {
  await using api = await startApi();
  const results = await resultsIn(await api.postJson("/v1/score/batch", payments(300)));
  expect(results.map(({ answer }) => answer?.transactionId)).toEqual(payments(300).map(({ id }) => id));
  expect(results.every(({ status, repeated }) => status === 200 && repeated === false)).toBe(true);
});

test("a bad transaction does not spoil the others, and its faults name its place", async () => {
  await using api = await startApi();
  const batch = [payment({ id: "b-0" }), payment({ amountMinor: -1 }), 7, payment({ id: "b-3" })];
  const results = await resultsIn(await api.postJson("/v1/score/batch", batch));
  expect(results.map(({ status }) => status)).toEqual([200, 400, 400, 200]);
  expect(results[1]?.problem).toMatchObject({
    code: "INVALID_TRANSACTION",
    faults: [{ path: "/1/amountMinor" }],
  });
  expect(results[2]?.problem?.faults?.map(({ path }) => path)).toEqual(["/2"]);
  expect([...api.decisions.keys()]).toEqual(["b-0", "b-3"]);
});

test("the list may stand in an object, and paths then lead through it", async () => {
  await using api = await startApi();
  const body = { transactions: [payment({ currency: "XXX" })] };
  const [result] = await resultsIn(await api.postJson("/v1/score/batch", body));
  expect(result?.problem?.faults?.map(({ path }) => path)).toEqual(["/transactions/0/currency"]);
});

test("an id twice in one batch is decided once", async () => {
  await using api = await startApi();
  const batch = [payment({ id: "twice" }), payment({ id: "other" }), payment({ id: "twice" })];
  const results = await resultsIn(await api.postJson("/v1/score/batch", batch));
  expect(results.map(({ repeated }) => repeated)).toEqual([false, false, true]);
  expect(results[2]?.answer).toEqual(results[0]?.answer);
});

test("an empty batch has no results", async () => {
  await using api = await startApi();
  expect(await resultsIn(await api.postJson("/v1/score/batch", []))).toEqual([]);
});

test("a thousand are scored in calls that the pipeline takes, one after the other", async () => {
  const sizes: number[] = [];
  let running = 0;
  await using inner = await startApi();
  await using api = await startApi({
    scorer: async (requests, deadline) => {
      sizes.push(requests.length);
      running += 1;
      expect(running).toBe(1);
      const scored = await inner.score(requests, deadline);
      running -= 1;
      return scored;
    },
  });
  expect(await resultsIn(await api.postJson("/v1/score/batch", payments(1_000)))).toHaveLength(1_000);
  expect(Math.max(...sizes)).toBe(scoringLimits.batchTransactions);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(1_000);
});

test("what could not be recorded is said of those transactions, and of no others", async () => {
  let calls = 0;
  await using inner = await startApi();
  await using api = await startApi({
    scorer: async (requests, deadline) => {
      calls += 1;
      if (calls === 2) throw new ScoringError("NOT_RECORDED");
      return inner.score(requests, deadline);
    },
  });
  const size = scoringLimits.batchTransactions;
  const results = await resultsIn(await api.postJson("/v1/score/batch", payments(size * 3)));
  const statuses = [0, size, 2 * size].map((start) => results[start]?.status);
  expect(statuses).toEqual([200, 503, 200]);
  expect(results[size]?.problem).toMatchObject({ code: "NOT_RECORDED", retryable: true });
});

test("an id that is taken is said of that transaction alone", async () => {
  await using inner = await startApi();
  await using api = await startApi({
    scorer: async (requests, deadline) =>
      (await inner.score(requests, deadline)).map((outcome, position) =>
        position === 1 ? new ScoringError("TRANSACTION_ID_TAKEN") : outcome,
      ),
  });
  const results = await resultsIn(await api.postJson("/v1/score/batch", payments(3)));
  expect(results.map(({ status }) => status)).toEqual([200, 409, 200]);
  expect(results[1]?.problem).toMatchObject({ code: "TRANSACTION_ID_TAKEN", retryable: false });
});
