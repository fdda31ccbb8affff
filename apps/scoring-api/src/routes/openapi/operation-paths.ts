import { jsonResponse, problems } from "./openapi-parts.ts";
import type { OpenApiDocument, Operation, ResponseObject } from "./openapi-types.ts";

/** `/livez`, `/readyz`, `/metrics`, `/openapi.json`, `/docs`. */
export function operationPaths(openPages: boolean): OpenApiDocument["paths"] {
  const text = (type: string): ResponseObject["content"] & object => ({
    [type]: { schema: { type: "string" } },
  });
  const page = (
    operationId: string,
    summary: string,
    response: ResponseObject,
    scope: string,
  ): { get: Operation } => ({
    get: {
      operationId,
      tags: ["Operations"],
      summary,
      description: openPages ? "Open." : `Needs ${scope}.`,
      ...(openPages ? { security: [] } : {}),
      responses: {
        "200": response,
        ...(openPages ? {} : problems(["UNAUTHENTICATED", "MISSING_SCOPE"])),
      },
    },
  });
  const open = { tags: ["Operations"], description: "Open.", security: [] };
  const live: ResponseObject = { description: "It runs.", content: { "application/json": { schema: {} } } };
  return {
    "/livez": {
      get: { ...open, operationId: "live", summary: "Is the process alive", responses: { "200": live } },
    },
    "/readyz": {
      get: {
        ...open,
        operationId: "ready",
        summary: "Should this replica get traffic",
        responses: {
          "200": jsonResponse("Every part works.", "Readiness"),
          "503": jsonResponse("A part is missing, or the replica is being stopped.", "Readiness"),
        },
      },
    },
    "/metrics": page(
      "metrics",
      "Metrics for Prometheus",
      { description: "Text format 0.0.4.", content: text("text/plain") },
      "the scope `metrics:read`",
    ),
    "/openapi.json": page(
      "openApi",
      "This description",
      { description: "OpenAPI 3.1.", content: { "application/json": { schema: { type: "object" } } } },
      "a key, with any scope",
    ),
    "/docs": page(
      "docs",
      "This description, as a page",
      { description: "HTML.", content: text("text/html") },
      "a key, with any scope",
    ),
  };
}
