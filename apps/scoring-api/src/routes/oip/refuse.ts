import { ApiError } from "../../errors.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

/** @throws ApiError `INVALID_INFERENCE` with this detail, always */
export function refuse(detail: string): never {
  throw new ApiError("INVALID_INFERENCE", { detail: `${detail}.` });
}

/** @throws ApiError `INVALID_INFERENCE` when it is none */
export function asObject(value: unknown, what: string): JsonObject {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    refuse(`${what} must be a JSON object`);
  }
  return value as JsonObject;
}
