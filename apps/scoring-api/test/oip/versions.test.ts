import { expect, test } from "vitest";
import { startApi, type RunningApi } from "../support/start-api.ts";

const models = "/v2/models/card-payments";
const request = { inputs: [{ name: "features", shape: [1, 3], datatype: "FP32", data: [0.5, 0, 0] }] };

async function versionOf(api: RunningApi, path: string): Promise<string | number> {
  const response = await api.postJson(`${path}/infer`, request);
  const { model_version: version } = (await response.json()) as { readonly model_version?: string };
  return version ?? response.status;
}

test("every loaded version answers under its own path, and under its alias", async () => {
  await using api = await startApi({ beside: ["card-payments@challenger"] });
  for (const [path, version] of [
    [models, "3"],
    [`${models}/versions/3`, "3"],
    [`${models}/versions/4`, "4"],
    [`${models}@challenger`, "4"],
    [`${models}@v4`, "4"],
    [`${models}@champion`, "3"],
    [`${models}/versions/5`, 404],
    [`${models}@shadow`, 404],
    [`${models}@v4/versions/4`, 404],
    ["/v2/models/@challenger", 404],
  ] as const) {
    expect([path, await versionOf(api, path)]).toEqual([path, version]);
    for (const end of ["", "/ready", "/stats"]) {
      expect([path, end, (await api.get(path + end)).ok]).toEqual([path, end, version !== 404]);
    }
  }
});

test("index, metadata and statistics name every loaded version", async () => {
  await using api = await startApi({ beside: ["card-payments@challenger"] });
  const index = (await (await api.post("/v2/repository/index", "")).json()) as { version: string }[];
  expect(index.map(({ version }) => version)).toEqual(["3", "4"]);
  expect(await (await api.get("/v2/models")).json()).toEqual({ models: ["card-payments"] });
  expect(await (await api.get(models)).json()).toMatchObject({ versions: ["3", "4"] });
  await versionOf(api, `${models}/versions/4`);
  const { model_stats: all } = (await (await api.get("/v2/models/stats")).json()) as {
    model_stats: { version: string; inference_count: number }[];
  };
  expect(all.map(({ version, inference_count: rows }) => [version, rows])).toEqual([
    ["3", 0],
    ["4", 1],
  ]);
});

test("a key that may not choose has the served version, by its number too, and no other", async () => {
  await using api = await startApi({ beside: ["card-payments@challenger"], scopes: ["infer"] });
  expect(await versionOf(api, models)).toBe("3");
  expect(await versionOf(api, `${models}/versions/3`)).toBe("3");
  expect(await versionOf(api, `${models}/versions/4`)).toBe(403);
  expect(await (await api.get(models)).json()).toMatchObject({ versions: ["3"] });
});
