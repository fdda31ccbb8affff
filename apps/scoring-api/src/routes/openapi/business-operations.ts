import type { BaseTransaction } from "@tollgate/contracts";
import type { ApiErrorCode } from "../../errors.ts";
import { apiLimits } from "../../limits.ts";
import {
  deadlineParameter,
  jsonBody,
  jsonResponse,
  modelParameter,
  problems,
  reference,
  repeatedHeader,
  requestIdParameter,
} from "./openapi-parts.ts";
import type { MediaType, OpenApiOptions, Operation, Parameter } from "./openapi-types.ts";
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

const modelCodes = ["INVALID_MODEL", "MODEL_NOT_LOADED"] as const;
const unscored = ["NOT_RECORDED", "STILL_IN_PROGRESS", "REJECTED"] as const;
const withoutDeadline = scoringCodes.filter((code) => code !== "INVALID_DEADLINE");

export function scoreOperation<T extends BaseTransaction>(options: OpenApiOptions<T>): Operation {
  return {
    operationId: "score",
    tags: ["Scoring"],
    summary: "Score one transaction",
    description:
      `Needs the scope \`score\`. At most ${apiLimits.transactionBodyBytes} bytes. The decision is ` +
      "recorded durably before it is answered. Whatever is late is left out, and named in `degraded`.",
    parameters: [deadlineParameter(options.config.deadlineMs), modelParameter, requestIdParameter],
    requestBody: jsonBody("Transaction", options.engagement.transaction.example(options.nowMs)),
    responses: {
      "200": {
        ...jsonResponse("The decision: approve, review or decline.", "Decision"),
        headers: { "Tollgate-Repeated": repeatedHeader },
      },
      ...problems([
        ...scoringCodes,
        ...modelCodes,
        "INVALID_TRANSACTION",
        "TRANSACTION_ID_TAKEN",
        ...unscored,
      ]),
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
      "count in the order sent. Each gets its own result: a bad one does not spoil the others. " +
      "As lines (`application/x-ndjson`) there may be any number: each is answered while the next ones " +
      `arrive, under its number. A line has at most ${apiLimits.streamLineBytes} bytes; the deadline holds ` +
      `for each group of at most ${apiLimits.streamLines}; a body waits for its key's rate. Read while you ` +
      "send: what is not read is not scored further.",
    parameters: [deadlineParameter(apiLimits.batchDeadlineMs), modelParameter, requestIdParameter],
    requestBody: {
      required: true,
      content: { "application/json": { schema, example }, [linesType]: linesBody(example) },
    },
    responses: {
      "200": {
        description: "One result for each transaction, in order.",
        content: {
          "application/json": { schema: reference("BatchResults") },
          [linesType]: { schema: { type: "string" }, "x-item-schema": reference("LineResult") },
        },
      },
      ...problems([...scoringCodes, ...modelCodes, "INVALID_BATCH", "TOO_MANY_ITEMS"]),
    },
  };
}

const linesType = "application/x-ndjson";

function linesBody(transactions: readonly unknown[]): MediaType {
  return {
    schema: { type: "string", description: "One transaction a line; the last one needs no line end." },
    "x-item-schema": reference("Transaction"),
    example: transactions.map((transaction) => `${JSON.stringify(transaction)}\n`).join(""),
  };
}

export function asyncOperation<T extends BaseTransaction>(options: OpenApiOptions<T>): Operation {
  return {
    operationId: "scoreAsync",
    tags: ["Scoring"],
    summary: "Hand in a transaction to be decided later",
    description:
      "Needs the scope `score`. 202 says that it is recorded durably and will be decided, in its card's " +
      "order. The decision is at `Location`, and is sent to `Tollgate-Webhook` where one is named, " +
      "signed as `Tollgate-Signature: t=<Unix seconds>,v1=<hex HMAC-SHA-256 of t.body>`, a few times " +
      "until a 2xx.",
    parameters: [webhookParameter, modelParameter, requestIdParameter],
    requestBody: jsonBody("Transaction", options.engagement.transaction.example(options.nowMs)),
    responses: {
      "202": {
        ...jsonResponse("Recorded, to be decided.", "Submission"),
        headers: {
          Location: { description: "Where the decision will be.", schema: { type: "string" } },
        },
      },
      ...problems([
        ...withoutDeadline,
        ...modelCodes,
        ...(["INVALID_TRANSACTION", "WEBHOOK_NOT_ALLOWED", "SUBMISSION_NOT_RECORDED"] as const),
        "TRANSACTION_ID_TAKEN",
      ]),
    },
  };
}

const webhookParameter: Parameter = {
  name: "Tollgate-Webhook",
  in: "header",
  required: false,
  description: "URL that is told of the outcome. Its origin must be one that the operator has allowed.",
  schema: { type: "string", maxLength: 2_048 },
};

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
      ...problems([...withoutDeadline, "INVALID_LABELS", "TOO_MANY_ITEMS", "LABELS_NOT_RECORDED"]),
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
      "202": {
        ...jsonResponse("It was handed in, and is not decided yet.", "Submission"),
        headers: { "Retry-After": { description: "Seconds.", schema: { type: "integer" } } },
      },
      ...problems([
        ...(["INVALID_TRANSACTION_ID", "UNAUTHENTICATED", "MISSING_SCOPE", "DECISION_NOT_FOUND"] as const),
        ...(["RATE_LIMITED", "INTERNAL", "OVERLOADED", "DECISIONS_UNAVAILABLE"] as const),
        "LEDGER_NOT_STARTED" as const,
        "SUBMISSION_REJECTED" as const,
      ]),
    },
  };
}

export function modelsOperation(): Operation {
  return {
    operationId: "listModels",
    tags: ["Scoring"],
    summary: "List the loaded models",
    description:
      "Needs the scope `score`. The version that serves everybody is the first; others are shown to a key " +
      "with the scope `models:choose`, which may score with them. All have passed signature and golden rows.",
    parameters: [requestIdParameter],
    responses: {
      "200": jsonResponse("What this process would score with.", "LoadedModels"),
      ...problems(["UNAUTHENTICATED", "MISSING_SCOPE", "RATE_LIMITED", "INTERNAL", "OVERLOADED"]),
    },
  };
}
