import { Validator } from "@seriousme/openapi-schema-validator";
import { expect, test } from "vitest";
import type { OpenApiDocument } from "../src/routes/openapi/openapi-types.ts";
import { describedApi } from "./support/described-api.ts";
import { label } from "./support/label.ts";
import { payment, startApi, type RunningApi } from "./support/start-api.ts";

async function documentOf(api: RunningApi): Promise<OpenApiDocument> {
  return (await (await api.get("/openapi.json", {})).json()) as OpenApiDocument;
}

test("the description is valid OpenAPI 3.1", async () => {
  for (const openPages of [true, false]) {
    await using api = await startApi({ openPages });
    const document = (await (await api.get("/openapi.json")).json()) as Record<string, unknown>;
    const validator = new Validator();
    const result = await validator.validate(document);
    expect(result).toMatchObject({ valid: true });
    expect(validator.version).toBe("3.1");
  }
});

test("every path described exists, and no other method does", async () => {
  await using api = await startApi();
  const document = await documentOf(api);
  for (const { path, place } of describedApi(document).operations) {
    for (const method of ["GET", "POST", "PUT", "DELETE"]) {
      const { status } = await fetch(api.url + place, { method });
      const described = method.toLowerCase() in (document.paths[path] ?? {});
      expect([path, method, status === 405]).toEqual([path, method, !described]);
    }
  }
});

test("the examples are what their schemas and the API accept", async () => {
  await using api = await startApi();
  const { operations, faultsOfAnswer } = describedApi(await documentOf(api));
  for (const { path, place, operation, requests } of operations) {
    for (const { contentType, headers, body, faults } of requests) {
      expect([path, contentType, faults]).toEqual([path, contentType, []]);
      const response = await api.post(place, body, headers);
      expect([path, response.ok, await faultsOfAnswer(operation, response)]).toEqual([path, true, []]);
    }
  }
});

test("the binary example is answered in binary, with the header that is described", async () => {
  await using api = await startApi();
  const { operations, faultsOf } = describedApi(await documentOf(api));
  const described = operations.filter(({ requests }) => requests.some(isBinary));
  expect(described.map(({ operation }) => operation.operationId)).toEqual(["infer", "inferOfVersion"]);
  for (const { place, operation, requests } of described) {
    const { body = "", headers } = requests.find(isBinary) ?? {};
    const response = await api.post(place, body, headers);
    expect(isBinary({ contentType: response.headers.get("content-type") })).toBe(true);
    const [name = ""] = Object.keys(operation.responses["200"]?.headers ?? {});
    const bytes = Buffer.from(await response.arrayBuffer());
    const json = Number(response.headers.get(name));
    const answer = JSON.parse(bytes.subarray(0, json).toString()) as unknown;
    expect(faultsOf({ $ref: "#/components/schemas/InferenceResponse" }, answer)).toEqual([]);
    expect(bytes.length - json).toBe(4);
  }
});

function isBinary({ contentType }: { readonly contentType: string | null }): boolean {
  return contentType === "application/octet-stream";
}

const inferenceRequest = {
  inputs: [{ name: "features", shape: [1, 3], datatype: "FP32", data: [0.1, 0.2, 0.3] }],
};

test("what the API answers is what it describes", async () => {
  await using api = await startApi();
  const { faultsOf } = describedApi(await documentOf(api));
  const answers = [
    ["Decision", await api.postJson("/v1/score", payment({ amountMinor: 2_000_000 }))],
    ["BatchResults", await api.postJson("/v1/score/batch", [payment({ id: "b" }), { id: 1 }])],
    ["Submission", await api.postJson("/v1/score/async", payment({ id: "later" }))],
    ["Submission", await api.get("/v1/decisions/later")],
    ["LabelsAccepted", await api.postJson("/v1/labels", label())],
    ["Decision", await api.get("/v1/decisions/b")],
    ["Problem", await api.get("/v1/decisions/unknown")],
    ["Problem", await api.postJson("/v1/score", {})],
    ["Readiness", await api.get("/readyz")],
    ["InferenceServer", await api.get("/v2")],
    ["InferenceReadiness", await api.get("/v2/health/ready")],
    ["InferenceModels", await api.get("/v2/models")],
    ["InferenceModel", await api.get("/v2/models/card-payments")],
    ["InferenceStatistics", await api.get("/v2/models/stats")],
    ["RepositoryIndex", await api.post("/v2/repository/index", "{}")],
    ["InferenceError", await api.get("/v2/models/unknown")],
    ["InferenceResponse", await api.postJson("/v2/models/card-payments/infer", inferenceRequest)],
  ] as const;
  for (const [schema, response] of answers) {
    const $ref = `#/components/schemas/${schema}`;
    expect([schema, faultsOf({ $ref }, await response.json())]).toEqual([schema, []]);
  }
});

test("the page names every path and schema, and loads nothing", async () => {
  await using api = await startApi();
  const { paths, components } = await documentOf(api);
  const response = await api.get("/docs", {});
  const page = await response.text();
  for (const path of Object.keys(paths)) expect(page).toContain(`<code>${path}</code>`);
  for (const schema of Object.keys(components.schemas)) expect(page).toContain(`id="schema-${schema}"`);
  expect(page).not.toMatch(/<script|<link|<img|src=|@import|url\(/);
  expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
});
