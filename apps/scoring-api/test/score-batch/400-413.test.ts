import { expect, test } from "vitest";
import { payment, problemIn, startApi } from "../support/start-api.ts";

test("what is no list of transactions is refused as a whole", async () => {
  await using api = await startApi();
  for (const body of [{}, { transactions: 7 }, { transactions: [], more: 1 }, null, "text", payment()]) {
    const problem = await problemIn(await api.postJson("/v1/score/batch", body));
    expect(problem).toMatchObject({ status: 400, code: "INVALID_BATCH" });
  }
});

test("more than a thousand are refused, and none is scored", async () => {
  await using api = await startApi();
  const batch = Array.from({ length: 1_001 }, (_, index) => payment({ id: `b-${index}` }));
  const problem = await problemIn(await api.postJson("/v1/score/batch", batch));
  expect(problem).toMatchObject({ status: 413, code: "TOO_MANY_ITEMS" });
  expect(problem.detail).toContain("1001 were sent, the limit is 1000.");
  expect(api.decisions.size).toBe(0);
});

test("10 MB are refused before they are parsed", async () => {
  await using api = await startApi();
  const problem = await problemIn(await api.post("/v1/score/batch", Buffer.alloc(10_000_000, "[")));
  expect(problem).toMatchObject({ status: 413, code: "BODY_TOO_LARGE" });
});

test("two million open brackets are broken JSON, no more", async () => {
  await using api = await startApi();
  const problem = await problemIn(await api.post("/v1/score/batch", "[".repeat(2_000_000)));
  expect(problem.code).toBe("INVALID_JSON");
});
