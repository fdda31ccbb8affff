import type { BaseTransaction } from "@tollgate/contracts";
import type { ApiErrorCode } from "../../errors.ts";
import { apiLimits } from "../../limits.ts";
import {
  deadlineParameter,
  jsonBody,
  jsonResponse,
  problems,
  reference,
  repeatedHeader,
  requestIdParameter,
} from "./openapi-parts.ts";
import type { OpenApiOptions, Operation } from "./openapi-types.ts";
import type { JsonSchema } from "./schemas.ts";

const scoringCodes: readonly ApiErrorCode[] = [
  ...([
    "INVALID_JSON",
    "NOT_UTF8",
    "EMPTY_BODY",
    "INVALID_DEADLINE",
    "UNAUTHENTICATED",
    "MISSING_SCOPE",
  ] as const),
  ...(["BODY_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE", "RATE_LIMITED", "INTERNAL", "OVERLOADED"] as const),
];

export function scoreOperation<T extends BaseTransaction>(options: OpenApiOptions<T>): Operation {
  return {
    operationId: "score",
    tags: ["Scoring"],
    summary: "Score one transaction",
    description:
      `Needs the scope \`score\`. At most ${apiLimits.transactionBodyBytes} bytes. The decision is ` +
      "recorded durably before it is answered. Whatever is late is left out, and named in `degraded`.",
    parameters: [deadlineParameter(options.config.deadlineMs), requestIdParameter],
    requestBody: jsonBody("Transaction", options.engagement.transaction.example(options.nowMs)),
    responses: {
      "200": {
        ...jsonResponse("The decision: approve, review or decline.", "Decision"),
        headers: { "Tollgate-Repeated": repeatedHeader },
      },
      ...problems([...scoringCodes, "INVALID_TRANSACTION", "NOT_RECORDED", "STILL_IN_PROGRESS", "REJECTED"]),
    },
  };
}

export function batchOperation<T extends BaseTransaction>(options: OpenApiOptions<T>): Operation {
  const items: JsonSchema = {
    type: "array",
    maxItems: apiLimits.batchItems,
    items: reference("Transaction"),
  };
  const example = [options.engagement.transaction.example(options.nowMs)];
  const schema: JsonSchema = {
    oneOf: [
      items,
      {
        type: "object",
        additionalProperties: false,
        required: ["transactions"],
        properties: { transactions: items },
      },
    ],
  };
  return {
    operationId: "scoreBatch",
    tags: ["Scoring"],
    summary: "Score many transactions",
    description:
      `Needs the scope \`score\`. At most ${apiLimits.batchItems} transactions and ` +
      `${apiLimits.batchBodyBytes} bytes; costs its number of transactions of the key's rate. Transactions ` +
      "count in the order sent. Each gets its own result: a bad one does not spoil the others.",
    parameters: [deadlineParameter(apiLimits.batchDeadlineMs), requestIdParameter],
    requestBody: { required: true, content: { "application/json": { schema, example } } },
    responses: {
      "200": jsonResponse("One result for each transaction, in order.", "BatchResults"),
      ...problems([...scoringCodes, "INVALID_BATCH", "TOO_MANY_ITEMS"]),
    },
  };
}

export function labelsOperation<T extends BaseTransaction>(options: OpenApiOptions<T>): Operation {
  const example = {
    labelId: "chargeback-000001",
    transactionId: "payment-000001",
    fraud: true,
    source: "chargeback",
    labelledAt: new Date(options.nowMs).toISOString(),
    pattern: "stolen-card",
  };
  const one = reference("Label");
  const schema: JsonSchema = { oneOf: [one, { type: "array", maxItems: apiLimits.labels, items: one }] };
  const codes = scoringCodes.filter((code) => code !== "INVALID_DEADLINE");
  return {
    operationId: "addLabels",
    tags: ["Labels"],
    summary: "Report what a transaction really was",
    description:
      `Needs the scope \`labels\`. One label or a list of at most ${apiLimits.labels}; all are recorded, ` +
      "or none. A label for a transaction nobody knows is kept.",
    parameters: [requestIdParameter],
    requestBody: { required: true, content: { "application/json": { schema, example } } },
    responses: {
      "202": jsonResponse("Recorded durably.", "LabelsAccepted"),
      ...problems([...codes, "INVALID_LABELS", "TOO_MANY_ITEMS", "LABELS_NOT_RECORDED"]),
    },
  };
}

export function decisionOperation(): Operation {
  return {
    operationId: "findDecision",
    tags: ["Scoring"],
    summary: "Look a decision up",
    description:
      "Needs the scope `decisions:read`. Finds decisions from HTTP and Kafka alike; one that was just made " +
      "on Kafka may take a few seconds.",
    parameters: [
      {
        name: "transactionId",
        in: "path",
        required: true,
        description: "The id that the transaction was sent with.",
        schema: { type: "string" },
        example: "payment-000001",
      },
      requestIdParameter,
    ],
    responses: {
      "200": jsonResponse("The first decision on this transaction.", "Decision"),
      ...problems([
        ...(["INVALID_TRANSACTION_ID", "UNAUTHENTICATED", "MISSING_SCOPE", "DECISION_NOT_FOUND"] as const),
        ...(["RATE_LIMITED", "INTERNAL", "OVERLOADED", "DECISIONS_UNAVAILABLE"] as const),
      ]),
    },
  };
}
