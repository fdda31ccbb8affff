import { apiErrors, type ApiErrorCode } from "../../errors.ts";
import { apiLimits } from "../../limits.ts";
import { problemOf } from "../../problem.ts";
import type { HeaderObject, Operation, Parameter, ResponseObject } from "./openapi-types.ts";
import type { JsonSchema } from "./schemas.ts";

/** The optional `X-Request-Id` of every request. */
export const requestIdParameter: Parameter = {
  name: "X-Request-Id",
  in: "header",
  required: false,
  description: "Names the request in logs; comes back in the answer. Made up when absent.",
  schema: { type: "string", pattern: `^[A-Za-z0-9._:-]{1,${apiLimits.requestIdCharacters}}$` },
};

/** The optional choice of a version. */
export const modelParameter: Parameter = {
  name: "Tollgate-Model",
  in: "header",
  required: false,
  description:
    "A loaded version of a model in place of the one that serves everybody: `name@alias`, `name@v3`, " +
    "`name/3`, `@alias` or `@v3`. Needs the scope `models:choose` besides.",
  schema: { type: "string", maxLength: 128 },
};

export const repeatedHeader: HeaderObject = {
  description: "`true` when the id had been decided before: this is the first decision.",
  schema: { type: "string", enum: ["true"] },
};

export function deadlineParameter(defaultMs: number): Parameter {
  return {
    name: "Tollgate-Deadline-Ms",
    in: "header",
    required: false,
    description: `Milliseconds within which the answer is needed, at most ${apiLimits.deadlineMaxMs}.`,
    schema: { type: "integer", minimum: 1, default: defaultMs },
  };
}

export function reference(schema: string): JsonSchema {
  return { $ref: `#/components/schemas/${schema}` };
}

export function jsonBody(schema: string, example: unknown): Operation["requestBody"] & object {
  return { required: true, content: { "application/json": { schema: reference(schema), example } } };
}

export function jsonResponse(description: string, schema: string): ResponseObject {
  return { description, content: { "application/json": { schema: reference(schema) } } };
}

/** Error responses by status, each with an example for every code that has it. */
export function problems(codes: readonly ApiErrorCode[]): Readonly<Record<string, ResponseObject>> {
  const byStatus = Object.groupBy(codes, (code) => String(apiErrors[code].status));
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, group = []]) => {
      const examples = Object.fromEntries(group.map((code) => [code, { value: problemOf(code) }]));
      const content = { "application/problem+json": { schema: reference("Problem"), examples } };
      return [status, { description: group.map((code) => `\`${code}\``).join(", "), content }];
    }),
  );
}
