import { expect, test } from "vitest";
import { startApi } from "../support/start-api.ts";
import { summingModel, summingSlot } from "../support/summing-slot.ts";

const model = "/v2/models/card-payments";

test("the server says that it is live and ready without a key, and 503 while a part is missing", async () => {
  await using api = await startApi();
  expect(await (await api.get("/v2/health/live", {})).json()).toEqual({ live: true });
  expect(await (await api.get("/v2/health/ready", {})).json()).toEqual({ ready: true });
  const broken = { name: "redis", check: () => Promise.reject(new Error("away")) };
  await using other = await startApi({ readinessParts: [broken] });
  for (const [path, body] of [
    ["/v2/health/ready", { ready: false }],
    [`${model}/ready`, { name: "card-payments", ready: false }],
  ] as const) {
    const response = await other.get(path);
    expect([response.status, await response.json()]).toEqual([503, body]);
  }
});

test("server and model describe themselves, with and without the version", async () => {
  await using api = await startApi();
  for (const path of ["/v2", "/v2/"]) {
    expect(await (await api.get(path)).json()).toMatchObject({
      name: "tollgate",
      version: "2",
      extensions: expect.arrayContaining(["binary_tensor_data", "statistics"]) as unknown,
    });
  }
  expect(await (await api.get("/v2/models")).json()).toEqual({ models: ["card-payments"] });
  for (const path of [model, `${model}/versions/3`]) {
    expect(await (await api.get(path)).json()).toMatchObject({
      name: "card-payments",
      versions: ["3"],
      platform: "onnx_onnxv1",
      inputs: [{ name: "features", datatype: "FP32", shape: [-1, 3] }],
      outputs: [{ name: "probabilities", datatype: "FP32", shape: [-1, 1] }],
    });
    const ready = await (await api.get(`${path}/ready`)).json();
    expect(ready).toEqual({ name: "card-payments", ready: true });
  }
});

test("the repository index names the loaded version, and the one that took its place", async () => {
  const slot = summingSlot();
  await using api = await startApi({ model: slot });
  const entry = { name: "card-payments", state: "READY", reason: "" };
  for (const body of ["", "{}", '{"ready":true}']) {
    expect(await (await api.post("/v2/repository/index", body)).json()).toEqual([{ ...entry, version: "3" }]);
  }
  expect((await api.post("/v2/repository/index", '{"ready":1}')).status).toBe(400);
  await slot.swap(async () => summingModel(4));
  expect(await (await api.post("/v2/repository/index", "{}")).json()).toEqual([{ ...entry, version: "4" }]);
  expect((await api.get(`${model}/versions/3`)).status).toBe(404);
});

test("another model or version is 404 and the error names the loaded one", async () => {
  await using api = await startApi();
  const error = expect.stringContaining('"card-payments" version "3" is loaded') as unknown;
  for (const name of ["other", "card-payments/versions/2", "card-payments/versions/03", "other/versions/3"]) {
    for (const end of ["", "/ready", "/stats"]) {
      const response = await api.get(`/v2/models/${name}${end}`);
      expect([response.status, await response.json()]).toEqual([404, { error }]);
    }
    const response = await api.post(`/v2/models/${name}/infer`, "{}");
    expect([response.status, await response.json()]).toEqual([404, { error }]);
  }
});

test("every error under /v2 has the protocol's form, whoever found it", async () => {
  await using api = await startApi({ scopes: ["score"] });
  const { url, key } = api;
  const authorization = `Bearer ${key}`;
  for (const [status, path, init] of [
    [401, "/v2", {}],
    [403, model, { headers: { authorization } }],
    [403, `${model}/infer`, { method: "POST", body: "{}", headers: { authorization } }],
    [404, "/v2/repository/models", { method: "POST" }],
    [405, "/v2", { method: "DELETE" }],
  ] as const) {
    const response = await fetch(url + path, init);
    expect([path, response.status, response.headers.get("content-type")]).toEqual([
      path,
      status,
      "application/json",
    ]);
    expect(Object.keys((await response.json()) as object)).toEqual(["error"]);
  }
});

test.each([
  ["POST", "/v2/repository/models/card-payments/load", "model_repository(load,unload)"],
  ["POST", "/v2/repository/models/card-payments/unload", "model_repository(load,unload)"],
  ["GET", `${model}/config`, "model_configuration"],
  ["GET", `${model}/versions/3/config`, "model_configuration"],
  ["POST", `${model}/generate`, "generate"],
  ["POST", `${model}/versions/3/generate_stream`, "generate"],
  ["GET", "/v2/systemsharedmemory/status", "system_shared_memory"],
  ["GET", "/v2/systemsharedmemory/region/a/status", "system_shared_memory"],
  ["POST", "/v2/systemsharedmemory/region/a/register", "system_shared_memory"],
  ["POST", "/v2/cudasharedmemory/unregister", "cuda_shared_memory"],
  ["POST", "/v2/cudasharedmemory/region/a/unregister", "cuda_shared_memory"],
  ["GET", "/v2/trace/setting", "trace"],
  ["POST", `${model}/trace/setting`, "trace"],
  ["GET", "/v2/logging", "logging"],
  ["POST", "/v2/logging", "logging"],
])(
  "%s %s is 501, in the protocol's form, and names what this server has not",
  async (method, path, extension) => {
    await using api = await startApi();
    const headers = { authorization: `Bearer ${api.key}` };
    const response = await fetch(api.url + path, {
      method,
      headers,
      ...(method === "POST" ? { body: "{}" } : {}),
    });
    const error = expect.stringMatching(/^NOT_IMPLEMENTED: /u) as unknown;
    const body = (await response.json()) as { readonly error: string };
    expect([response.status, body]).toEqual([501, { error }]);
    expect(body.error).toContain(`It belongs to ${extension}.`);
  },
);

test("a path of two methods allows both, and no other", async () => {
  await using api = await startApi();
  const response = await fetch(`${api.url}/v2/logging`, { method: "DELETE" });
  expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, HEAD, POST"]);
});
