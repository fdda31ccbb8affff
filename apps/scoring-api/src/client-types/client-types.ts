import type { BaseTransaction } from "@tollgate/contracts";
import type { Engagement } from "@tollgate/engagement";
import { apiLimits } from "../limits.ts";
import { openApiDocument } from "../routes/openapi/openapi-document.ts";
import type { OpenApiDocument, Operation } from "../routes/openapi/openapi-types.ts";
import type { JsonSchema } from "../routes/openapi/schemas.ts";
import { commentOf, fieldsOf, typeOfSchema } from "./type-of-schema.ts";

/** Files by name, not formatted yet. */
export type ClientTypes = Readonly<Record<"api-types.ts" | "operations.ts", string>>;

/** The types of `packages/client`, made from the API's description for one engagement. */
export function clientTypes<T extends BaseTransaction>(engagement: Engagement<T>): ClientTypes {
  const document = openApiDocument({
    engagement,
    // Only in examples, which are no part of a type.
    features: [],
    model: { name: "model", version: "1", input: { name: "input", size: 1 } },
    nowMs: 0,
    config: { deadlineMs: apiLimits.deadlineMs, openPages: true },
  });
  return { "api-types.ts": schemaTypes(document), "operations.ts": operationTypes(document) };
}

const head = "// Made from the API's description by `npm run client-types`; a test holds it to it.\n";

function schemaTypes({ components }: OpenApiDocument): string {
  const types = Object.entries(components.schemas).map(([name, schema]) => {
    const comment = `\n${commentOf(schema)}`;
    if (schema.type === "object" && schema.properties !== undefined) {
      return `${comment}export interface ${name} {\n${fieldsOf(schema)}\n}\n`;
    }
    return `${comment}export type ${name} = ${typeOfSchema(schema)};\n`;
  });
  return head + types.join("");
}

interface Described {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

function operationTypes({ paths, components }: OpenApiDocument): string {
  const all: readonly Described[] = Object.entries(paths)
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    )
    .filter(({ operation }) => !operation.tags.includes("Operations"));
  const places = all.map(({ path, method, operation }) => {
    const place = JSON.stringify({ method: method.toUpperCase(), path });
    return `${operation.operationId}: ${place},\n`;
  });
  const body = all.map(({ operation }) => typesOf(operation)).join("");
  const isUsed = (name: string): boolean => new RegExp(`(?:: |\\(|\\| )${name}\\b`, "u").test(body);
  const imported = Object.keys(components.schemas).filter(isUsed);
  return (
    `${head}import type { ${imported.toSorted().join(", ")} } from "./api-types.ts";\n\n` +
    `/** Where each operation is. */\nexport const operations = {\n${places.join("")}} as const;\n\n` +
    `export type OperationName = keyof typeof operations;\n\n` +
    `/** What each operation takes and, by status, answers. */\nexport interface Operations {\n${body}}\n`
  );
}

function typesOf({ operationId, summary, requestBody, responses }: Operation): string {
  const taken = requestBody?.content["application/json"]?.schema;
  const body = taken === undefined ? "" : `readonly body: ${typeOfSchema(taken)};\n`;
  const answers = Object.entries(responses).flatMap(([status, { content }]) => {
    const schema: JsonSchema | undefined = content?.["application/json"]?.schema;
    return status.startsWith("2") && schema !== undefined
      ? [`readonly ${status}: ${typeOfSchema(schema)};`]
      : [];
  });
  const comment = commentOf({ description: `${summary}.` });
  return `${comment}readonly ${operationId}: {\n${body}readonly answers: { ${answers.join(" ")} };\n};\n`;
}
