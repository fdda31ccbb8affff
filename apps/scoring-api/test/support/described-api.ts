import { Ajv2020, type AnySchema } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import type { OpenApiDocument, Operation, ResponseObject } from "../../src/routes/openapi/openapi-types.ts";
import type { JsonSchema } from "../../src/routes/openapi/schemas.ts";

/** Holds values and answers to the API's own description. */
export interface DescribedApi {
  /** Every operation, with the path's placeholders filled from their examples. */
  readonly operations: readonly DescribedOperation[];
  /** What is wrong with a value; empty when it is what the schema says. */
  faultsOf(schema: JsonSchema, value: unknown): readonly unknown[];
  /** What is wrong with an answer: a status, type or body that is not described. */
  faultsOfAnswer(operation: Operation, response: Response): Promise<readonly unknown[]>;
}

export interface DescribedOperation {
  readonly method: string;
  /** As described. */
  readonly path: string;
  /** As asked for. */
  readonly place: string;
  readonly operation: Operation;
  /** Every example of a request. */
  readonly requests: readonly RequestExample[];
}

export interface RequestExample {
  /** The body's type, and what else it is sent with. */
  readonly headers: Readonly<Record<string, string>>;
  readonly contentType: string;
  readonly body: string;
  /** Faults by the request's own schema. */
  readonly faults: readonly unknown[];
}

export function describedApi(document: OpenApiDocument): DescribedApi {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  ajv.addSchema({ $id: "api.json", components: document.components });
  const faultsOf: DescribedApi["faultsOf"] = (schema, value) => {
    const rooted = JSON.stringify(schema).replaceAll('"#/components', '"api.json#/components');
    const validate = ajv.compile(JSON.parse(rooted) as AnySchema);
    return validate(value) ? [] : (validate.errors ?? []);
  };
  const api = { faultsOf, faultsOfBody: (media: Media, text: string) => faultsOfBody(faultsOf, media, text) };
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      place: placeOf(path, operation),
      operation,
      requests: requestsOf(operation, api.faultsOfBody),
    })),
  );
  return {
    operations,
    faultsOf,
    async faultsOfAnswer({ responses }, response) {
      const described: ResponseObject | undefined = responses[String(response.status)];
      const type = (response.headers.get("content-type") ?? "").split(";", 1)[0] ?? "";
      const media = described?.content?.[type];
      const text = await response.text();
      if (media === undefined) return [`${response.status} ${type} is not described: ${text}`];
      return api.faultsOfBody(media, text);
    },
  };
}

interface Media {
  readonly schema: JsonSchema;
  readonly "x-item-schema"?: JsonSchema;
}

function faultsOfBody(
  faultsOf: DescribedApi["faultsOf"],
  { schema, "x-item-schema": line }: Media,
  text: string,
): readonly unknown[] {
  if (line !== undefined) {
    const lines = text.split("\n").filter((one) => one !== "");
    return lines.flatMap((one) => faultsOf(line, JSON.parse(one)));
  }
  return faultsOf(schema, schema.type === "string" ? text : JSON.parse(text));
}

function placeOf(path: string, { parameters = [] }: Operation): string {
  return path.replaceAll(/\{(\w+)\}/gu, (_placeholder, name: string) => {
    const example = parameters.find((parameter) => parameter.name === name)?.example;
    if (example === undefined) throw new Error(`${path}: ${name} has no example`);
    return example;
  });
}

function requestsOf(
  { requestBody }: Operation,
  faultsOf: (media: Media, text: string) => readonly unknown[],
): readonly RequestExample[] {
  return Object.entries(requestBody?.content ?? {}).flatMap(([contentType, media]) => {
    const named = Object.values(media.examples ?? {}).map(({ value }) => value);
    const examples = media.example === undefined ? named : [media.example, ...named];
    if (examples.length === 0) throw new Error(`a body of ${contentType} has no example`);
    return examples.map((example) => {
      const body = typeof example === "string" ? example : JSON.stringify(example);
      const headers = { "content-type": contentType, ...media["x-example-headers"] };
      return { contentType, headers, body, faults: faultsOf(media, body) };
    });
  });
}
