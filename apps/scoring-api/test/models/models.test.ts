import { expect, test } from "vitest";
import { startApi } from "../support/start-api.ts";

const champion = {
  name: "card-payments",
  version: 3,
  serves: true,
  digest: "0".repeat(64),
  featureSet: "features-1",
  features: ["first", "second", "third"],
  sequence: null,
  thresholds: { review: 0.5, decline: 0.9 },
  placement: "in-thread",
  accelerator: "cpu",
};

test("GET /v1/models lists the loaded versions, the one that serves everybody first", async () => {
  await using api = await startApi({ beside: ["card-payments@challenger"] });
  const response = await api.get("/v1/models");
  expect(response.headers.get("content-type")).toBe("application/json");
  expect(await response.json()).toEqual({
    models: [champion, { ...champion, version: 4, serves: false }],
  });
});

test("a key that may not choose a version is shown the one that it gets", async () => {
  await using api = await startApi({ beside: ["card-payments@challenger"], scopes: ["score"] });
  expect(await (await api.get("/v1/models")).json()).toEqual({ models: [champion] });
});

test("a key without the scope is refused", async () => {
  await using api = await startApi({ scopes: ["infer"] });
  const response = await api.get("/v1/models");
  expect([response.status, await response.json()]).toMatchObject([403, { code: "MISSING_SCOPE" }]);
});
