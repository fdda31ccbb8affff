import { engagement, type CardPayment } from "@tollgate/engagement-card-payments";
import { deadlineIn, systemClock } from "@tollgate/runtime";
import type { ScoreRequest } from "@tollgate/scoring";
import { expect, test } from "vitest";
import { payment, problemIn, startApi, type RunningApi } from "../support/start-api.ts";
import { memoryScorer } from "../support/memory-scorer.ts";

const beside = ["card-payments@challenger", "card-payments@v5"];

/** Which version each transaction was to be decided by; undefined where none was chosen. */
async function apiThatNotes(): Promise<{ readonly api: RunningApi; readonly noted: (number | undefined)[] }> {
  const noted: (number | undefined)[] = [];
  const memory = memoryScorer(engagement);
  const note = async ({ predictor }: ScoreRequest<CardPayment>): Promise<void> => {
    const prediction = await predictor?.predict([new Float32Array(3)], deadlineIn(systemClock(), 60_000));
    noted.push(prediction?.version.reference.version);
  };
  const api = await startApi({
    beside,
    async scorer(requests, deadline) {
      for (const request of requests) await note(request);
      return memory.score(requests, deadline);
    },
  });
  return { api, noted };
}

test("Tollgate-Model chooses the version that decides, for one transaction and for a batch", async () => {
  const noting = await apiThatNotes();
  await using api = noting.api;
  const ask = async (model: string | undefined): Promise<void> => {
    const headers = model === undefined ? {} : { "tollgate-model": model };
    expect((await api.postJson("/v1/score", payment({ id: "a" }), headers)).status).toBe(200);
    expect((await api.postJson("/v1/score/batch", [payment({ id: "b" })], headers)).status).toBe(200);
  };
  for (const model of [undefined, "@challenger", "card-payments@v5", "card-payments@champion", "@v3"]) {
    await ask(model);
  }
  expect(noting.noted).toEqual([undefined, undefined, 4, 4, 5, 5, 3, 3, 3, 3]);
});

test.each(["/v1/score", "/v1/score/batch"])(
  "%s: only a key that may choose can, and only what is loaded",
  async (path) => {
    await using api = await startApi({ beside });
    await using other = await startApi({ beside, scopes: ["score"] });
    const choose = async (at: RunningApi, model: string): Promise<unknown> =>
      problemIn(await at.postJson(path, payment(), { "tollgate-model": model }));
    expect(await choose(other, "@challenger")).toMatchObject({ status: 403, code: "MISSING_SCOPE" });
    expect(await choose(api, "@v9")).toMatchObject({
      status: 404,
      code: "MODEL_NOT_LOADED",
      detail: expect.stringContaining('"@v9" was asked for') as unknown,
    });
    expect(await choose(api, "card payments")).toMatchObject({ status: 400, code: "INVALID_MODEL" });
    expect(api.decisions.size + other.decisions.size).toBe(0);
  },
);
