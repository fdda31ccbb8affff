import type { BaseTransaction } from "@tollgate/contracts";
import type { Engagement } from "@tollgate/engagement";
import type { JsonSchema } from "./schemas.ts";

/** As much of OpenAPI 3.1 as this API uses. */
export interface OpenApiDocument {
  readonly openapi: "3.1.0";
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly securitySchemes: Readonly<Record<string, SecurityScheme>>;
  };
}

export interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description: string;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required: true; readonly content: Readonly<Record<string, MediaType>> };
  readonly responses: Readonly<Record<string, ResponseObject>>;
}

export interface SecurityScheme {
  readonly type: string;
  readonly description: string;
  readonly scheme?: string;
  readonly in?: string;
  readonly name?: string;
}

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "header";
  readonly required: boolean;
  readonly description: string;
  readonly schema: JsonSchema;
  readonly example?: string;
}

export interface HeaderObject {
  readonly description: string;
  readonly schema: JsonSchema;
}

export interface MediaType {
  readonly schema: JsonSchema;
  /** Of each line, where the body is lines of JSON; OpenAPI 3.1 has no word of its own for it. */
  readonly "x-item-schema"?: JsonSchema;
  readonly example?: unknown;
  /** Headers that the example is sent with. */
  readonly "x-example-headers"?: Readonly<Record<string, string>>;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

export interface ResponseObject {
  readonly description: string;
  readonly headers?: Readonly<Record<string, HeaderObject>>;
  readonly content?: Readonly<Record<string, MediaType>>;
}

/** The served model, for the examples. */
export interface DocumentedModel {
  readonly name: string;
  readonly version: string;
  readonly input: { readonly name: string; readonly size: number };
}

/** A feature of the engagement: a column of a vector. */
export interface DocumentedFeature {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
}

export interface OpenApiOptions<T extends BaseTransaction> {
  readonly engagement: Pick<Engagement<T>, "name" | "description" | "transaction" | "service">;
  /** In the order of the vector. */
  readonly features: readonly DocumentedFeature[];
  readonly model: DocumentedModel;
  /** For the time in the example transaction. */
  readonly nowMs: number;
  readonly config: { readonly deadlineMs: number; readonly openPages: boolean };
}
