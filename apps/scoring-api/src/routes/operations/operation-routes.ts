import { exposition, type Readiness, type Telemetry } from "@tollgate/telemetry";
import type { Route } from "../../route.ts";

export interface OperationRoutesOptions {
  readonly telemetry: Telemetry;
  readonly readiness: Readiness;
  /** False: `/metrics` asks for a key with the scope `metrics:read`. */
  readonly openPages: boolean;
}

/** `/livez`, `/readyz`, `/metrics`: for orchestrators and Prometheus; never refused for load or rate. */
export function operationRoutes(options: OperationRoutesOptions): readonly Route[] {
  const { telemetry, readiness, openPages } = options;
  const json = "application/json";
  return [
    {
      method: "GET",
      path: "/livez",
      access: "open",
      cost: "free",
      handle: async () => ({ status: 200, contentType: json, body: '{"live":true}' }),
    },
    {
      method: "GET",
      path: "/readyz",
      access: "open",
      cost: "free",
      async handle() {
        const report = await readiness();
        return { status: report.ready ? 200 : 503, contentType: json, body: JSON.stringify(report) };
      },
    },
    {
      method: "GET",
      path: "/metrics",
      access: openPages ? "open" : "metrics:read",
      cost: "free",
      async handle({ request }) {
        const { contentType, text } = await exposition(telemetry, request.headers.accept);
        return { status: 200, contentType, body: text };
      },
    },
  ];
}
