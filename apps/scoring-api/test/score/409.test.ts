import { ScoringError } from "@tollgate/scoring";
import { expect, test } from "vitest";
import { payment, problemIn, startApi } from "../support/start-api.ts";

test("an id of another card is a 409 that says to send another id, and not to try again", async () => {
  await using api = await startApi({ scorer: async () => [new ScoringError("TRANSACTION_ID_TAKEN")] });
  const response = await api.postJson("/v1/score", payment());
  expect(response.headers.get("retry-after")).toBeNull();
  const problem = await problemIn(response);
  expect(problem).toMatchObject({ status: 409, code: "TRANSACTION_ID_TAKEN", retryable: false });
  expect(problem.detail).toContain("send it under an id of its own");
});
