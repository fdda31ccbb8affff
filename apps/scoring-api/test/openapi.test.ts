import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { expect, test } from "vitest";
import type { OpenApiDocument } from "../src/routes/openapi/openapi-types.ts";
import { label } from "./support/label.ts";
import { payment, startApi, type RunningApi } from "./support/start-api.ts";

async function documentOf(api: RunningApi): Promise<OpenApiDocument> {
  return (await (await api.get("/openapi.json", {})).json()) as OpenApiDocument;
}

/** A path with its placeholders filled in. */
function placed(path: string): string {
  return path.replace("{transactionId}", "a").replace("{model}", "card-payments").replace("{version}", "3");
}

/** Checks values against the document's own schemas. */
function checker(document: OpenApiDocument): (schema: string, value: unknown) => readonly unknown[] {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  ajv.addSchema({ $id: "api.json", components: document.components });
  return (schema, value) => {
    const validate = ajv.compile({ $ref: `api.json#/components/schemas/${schema}` });
    return validate(value) ? [] : (validate.errors ?? []);
  };
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
  const { paths } = await documentOf(api);
  const methods = ["GET", "POST", "PUT", "DELETE"];
  for (const [path, operations] of Object.entries(paths)) {
    for (const method of methods) {
      const { status } = await fetch(api.url + placed(path), { method });
      const described = method.toLowerCase() in operations;
      expect([path, method, status === 405]).toEqual([path, method, !described]);
    }
  }
});

test("the examples are what their schemas and the API accept", async () => {
  await using api = await startApi();
  const document = await documentOf(api);
  const check = checker(document);
  for (const [path, schema] of [
    ["/v1/score", "Transaction"],
    ["/v1/score/async", "Transaction"],
    ["/v1/labels", "Label"],
    ["/v2/models/{model}/infer", "InferenceRequest"],
    ["/v2/models/{model}/versions/{version}/infer", "InferenceRequest"],
  ] as const) {
    const example = document.paths[path]?.["post"]?.requestBody?.content["application/json"]?.example;
    expect(check(schema, example)).toEqual([]);
    expect((await api.postJson(placed(path), example)).ok).toBe(true);
  }
});

const inferenceRequest = {
  inputs: [{ name: "features", shape: [1, 3], datatype: "FP32", data: [0.1, 0.2, 0.3] }],
};

test("what the API answers is what it describes", async () => {
  await using api = await startApi();
  const check = checker(await documentOf(api));
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
    expect([schema, check(schema, await response.json())]).toEqual([schema, []]);
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
