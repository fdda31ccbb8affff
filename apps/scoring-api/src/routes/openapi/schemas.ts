import {
  degradedParts,
  labelFutureToleranceMs,
  labelSources,
  outcomes,
  stages,
  transactionIdPattern,
} from "@tollgate/contracts";
import { apiLimits } from "../../limits.ts";
import type { DocumentedFeature } from "./openapi-types.ts";

/** As much of JSON Schema 2020-12 as is shown on the docs page. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly const?: string | number;
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly default?: number;
  readonly examples?: readonly string[];
  /** What each of the examples means, where they are features. */
  readonly "x-features"?: readonly DocumentedFeature[];
}

const transactionId: JsonSchema = { type: "string", pattern: transactionIdPattern.source };
const time: JsonSchema = { type: "string", format: "date-time" };

/** An object of which every property listed is there, and no other. */
function closedObject(properties: Readonly<Record<string, JsonSchema>>, description: string): JsonSchema {
  const required = Object.keys(properties);
  return { type: "object", description, additionalProperties: false, required, properties };
}

const reason = closedObject(
  {
    code: { type: "string", description: "Stable, for machines: `CARD_TESTING_BURST`." },
    kind: { enum: ["rule", "model", "platform"] },
    description: { type: "string", description: "For people." },
  },
  "Why: a rule that fired, a model threshold that was reached, or the platform speaking of itself.",
);

const decision = closedObject(
  {
    transactionId,
    decision: { enum: outcomes, description: "A `decline` is an answer, not an error." },
    score: {
      type: ["number", "null"],
      minimum: 0,
      maximum: 1,
      description: "Probability of fraud; null when no model answered.",
    },
    reasons: { type: "array", items: { $ref: "#/components/schemas/Reason" } },
    model: {
      type: ["object", "null"],
      additionalProperties: false,
      required: ["name", "version"],
      properties: { name: { type: "string" }, version: { type: "integer", minimum: 1 } },
      description: "The model that gave the score; null when none answered.",
    },
    featureSet: { type: "string", description: "Version of the features: the hash of their layout." },
    rung: { enum: ["model", "rules"], description: "What the decision rests on." },
    degraded: {
      type: "array",
      items: { enum: degradedParts },
      description: "What was left out to answer in time. Empty on a normal day.",
    },
    decidedAt: time,
    stageMicros: {
      ...closedObject(
        Object.fromEntries(stages.map((stage) => [stage, { type: "number", minimum: 0 }])),
        "Time spent in each stage, in microseconds; of the whole batch, for a batch.",
      ),
    },
  },
  "The decision on one transaction. A repeated transaction id gets the first decision again.",
);

const problem: JsonSchema = {
  type: "object",
  description: "RFC 9457 problem details.",
  required: ["type", "title", "status", "code", "detail", "retryable"],
  properties: {
    type: { type: "string", description: "`urn:tollgate:error:` and the code." },
    title: { type: "string" },
    status: { type: "integer" },
    code: { type: "string" },
    detail: { type: "string", description: "What happened and what to do." },
    retryable: { type: "boolean", description: "Whether the same request can succeed later." },
    faults: { type: "array", items: { $ref: "#/components/schemas/Fault" } },
  },
};

const fault = closedObject(
  {
    path: { type: "string", description: "RFC 6901 JSON Pointer into the body; empty for the whole of it." },
    message: { type: "string" },
  },
  "One thing that is wrong, and where.",
);

/** @param place what says which transaction it is about */
function resultSchema(place: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return {
    description: "A decision, or why there is none. The other transactions of the batch are not affected.",
    oneOf: [
      closedObject(
        {
          ...place,
          status: { const: 200 },
          repeated: { type: "boolean", description: "True: this is the first decision on the id, again." },
          answer: { $ref: "#/components/schemas/Decision" },
        },
        "Decided.",
      ),
      closedObject(
        {
          ...place,
          status: { type: "integer", minimum: 400 },
          problem: { $ref: "#/components/schemas/Problem" },
        },
        "Not decided, nothing recorded.",
      ),
    ],
  };
}

const label: JsonSchema = {
  type: "object",
  description: "The truth about a transaction, known later.",
  additionalProperties: false,
  required: ["labelId", "transactionId", "fraud", "source", "labelledAt"],
  properties: {
    labelId: { ...transactionId, description: "Unique for each label: a repeated one counts once." },
    transactionId,
    fraud: { type: "boolean" },
    source: { enum: labelSources },
    labelledAt: {
      ...time,
      description:
        "When the label became known, RFC 3339 with offset; at most " +
        `${labelFutureToleranceMs / 60_000} minutes ahead of the server's clock.`,
    },
    pattern: { type: "string", maxLength: 64, description: "The kind of fraud, in the source's own words." },
  },
};

const readiness: JsonSchema = closedObject(
  {
    ready: { type: "boolean" },
    parts: { type: "object", additionalProperties: { enum: ["ok", "failed"] } },
  },
  "Whether this replica should get traffic, and which part is missing.",
);

const share: JsonSchema = { type: "number", minimum: 0, maximum: 1 };

const sequence = closedObject(
  {
    name: { type: "string" },
    slots: { type: "integer", minimum: 1, description: "Transactions, the oldest first." },
    channels: { type: "array", items: { type: "string" }, description: "Numbers of each, in their order." },
  },
  "An empty slot holds -1 throughout.",
);

const loadedModel = closedObject(
  {
    name: { type: "string" },
    version: { type: "integer", minimum: 1 },
    serves: { type: "boolean", description: "Whether it scores for whoever names no version." },
    digest: { type: "string", description: "SHA-256 of the model's file, hexadecimal." },
    featureSet: { type: "string", description: "Hash of the features that it was trained on." },
    features: {
      type: "array",
      items: { $ref: "#/components/schemas/FeatureName" },
      description: "The columns of its own input, in their order: what `/v2/models/{model}/infer` takes.",
    },
    sequence: {
      anyOf: [{ type: "null" }, sequence],
      description: "What the input has behind the features: an entity's latest transactions one by one.",
    },
    thresholds: closedObject(
      { review: share, decline: share },
      "Scores from which a transaction is reviewed, and declined.",
    ),
    placement: { enum: ["in-thread", "worker"] },
    accelerator: { type: "string", description: "`cpu`, or the device that runs large batches." },
  },
  "A version that is loaded, verified and warm.",
);

/** Every schema but the transaction's own, which the engagement brings. */
export const platformSchemas: Readonly<Record<string, JsonSchema>> = {
  Decision: decision,
  Reason: reason,
  BatchResults: closedObject(
    {
      results: {
        type: "array",
        maxItems: apiLimits.batchItems,
        items: { $ref: "#/components/schemas/BatchResult" },
      },
    },
    "One result for each transaction, in the order sent.",
  ),
  BatchResult: resultSchema({}),
  LineResult: resultSchema({
    line: { type: "integer", minimum: 1, description: "Number of the line in the body; blank ones count." },
  }),
  Submission: closedObject(
    { transactionId, state: { enum: ["pending"], description: "Decided ones have a decision instead." } },
    "A transaction that was handed in and is not decided yet.",
  ),
  Label: label,
  LabelsAccepted: closedObject({ accepted: { type: "integer", minimum: 0 } }, "All of them are recorded."),
  LoadedModels: closedObject(
    { models: { type: "array", items: loadedModel } },
    "The loaded versions, the one that serves everybody first.",
  ),
  Readiness: readiness,
  Problem: problem,
  Fault: fault,
};

/**
 * The engagement's features, listed as examples: an enumeration would make the client's types differ with
 * every engagement, and refuse a model that was trained before a feature was renamed.
 */
export function featureNameSchema(features: readonly DocumentedFeature[]): JsonSchema {
  return {
    type: "string",
    description: "Name of a feature: entity, version of its view, and what is measured.",
    examples: features.map(({ name }) => name),
    "x-features": features.map(({ name, description, unit }) => ({ name, description, unit })),
  };
}
