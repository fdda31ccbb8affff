import { apiLimits } from "../../limits.ts";
import type { JsonSchema } from "./schemas.ts";

const text: JsonSchema = { type: "string" };
const shape: JsonSchema = { type: "array", items: { type: "integer" } };
const parameters: JsonSchema = {
  type: "object",
  additionalProperties: { type: ["string", "number", "boolean"] },
};

function anObject(
  description: string,
  required: Readonly<Record<string, JsonSchema>>,
  optional: Readonly<Record<string, JsonSchema>> = {},
): JsonSchema {
  const properties = { ...required, ...optional };
  return { type: "object", description, required: Object.keys(required), properties };
}

const tensor = { name: text, datatype: { const: "FP32" }, shape };

/** The messages of the Open Inference Protocol v2, as far as this API has them. */
export const oipSchemas: Readonly<Record<string, JsonSchema>> = {
  InferenceServer: anObject("What this server is.", {
    name: text,
    version: text,
    extensions: { type: "array", items: text },
  }),
  InferenceModel: anObject("What the model takes and gives.", {
    name: text,
    versions: { type: "array", items: text },
    platform: text,
    inputs: { type: "array", items: anObject("An input.", tensor) },
    outputs: { type: "array", items: anObject("An output.", tensor) },
    properties: { type: "object", additionalProperties: text },
  }),
  InferenceReadiness: anObject("Whether it can be asked.", { ready: { type: "boolean" } }, { name: text }),
  InferenceRequest: anObject(
    "Rows of the model's own input, made by the caller.",
    {
      inputs: {
        type: "array",
        maxItems: 1,
        items: anObject("The one input, `[rows, features]`.", tensor, {
          data: { type: "array", description: "Numbers, row after row, flat or nested.", items: {} },
          parameters,
        }),
      },
    },
    {
      id: { type: "string", maxLength: apiLimits.inferenceIdCharacters, description: "Comes back." },
      parameters: {
        ...parameters,
        description:
          "`timeout` (microseconds), `priority` (from 2 on: behind decisions), `binary_data_output`.",
      },
      outputs: { type: "array", maxItems: 1, items: anObject("An output.", { name: text }, { parameters }) },
    },
  ),
  InferenceResponse: anObject(
    "The probabilities of fraud that the model gives. Not a decision.",
    {
      model_name: text,
      model_version: text,
      outputs: {
        type: "array",
        items: anObject("One probability for each row.", tensor, {
          data: { type: "array", items: { type: "number" } },
          parameters,
        }),
      },
    },
    { id: text },
  ),
  InferenceStatistics: anObject("What this process was asked since it started.", {
    model_stats: { type: "array", items: { type: "object" } },
  }),
  RepositoryIndex: {
    type: "array",
    description: "The versions that are loaded.",
    items: anObject("A version.", { name: text, version: text, state: text, reason: text }),
  },
  InferenceModels: anObject("Names of the models.", { models: { type: "array", items: text } }),
  InferenceError: anObject("Every error under `/v2`.", { error: text }),
};
