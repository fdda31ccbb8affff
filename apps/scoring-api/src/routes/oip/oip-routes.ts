import type { Readiness } from "@tollgate/telemetry";
import type { Answer } from "../../http/end-response.ts";
import { apiLimits } from "../../limits.ts";
import type { Exchange, Route } from "../../route.ts";
import { inferRoute, type InferRouteOptions } from "./infer-route.ts";
import { createInferenceStatistics, type InferenceStatistics } from "./inference-statistics.ts";
import { targetOf, versionOf, versionsFor, type OipModel, type OipModels } from "./oip-model.ts";
import { readInferenceBody } from "./read-inference-body.ts";
import { asObject, refuse } from "./refuse.ts";
import { unsupportedRoutes } from "./unsupported-routes.ts";

export type OipRoutesOptions = Omit<InferRouteOptions, "statistics"> & { readonly readiness: Readiness };

const protocolVersion = "2";
const extensions = [
  "binary_tensor_data",
  "model_repository(index)",
  "parameters",
  "schedule_policy",
  "statistics",
];

/** The Open Inference Protocol v2 over HTTP: the served model by itself, for clients that speak it. */
export function oipRoutes(options: OipRoutesOptions): readonly Route[] {
  const { models, clock } = options;
  const statistics = createInferenceStatistics(clock);
  const paths = ["/v2/models/{model}", "/v2/models/{model}/versions/{version}"];
  return [
    ...healthRoutes(options),
    ...serverRoutes(models, statistics),
    ...paths.flatMap((path) => [
      ...modelRoutes(path, { models, statistics, readiness: options.readiness }),
      inferRoute(`${path}/infer`, { ...options, statistics }),
    ]),
    ...unsupportedRoutes(),
  ];
}

function healthRoutes({ readiness }: OipRoutesOptions): readonly Route[] {
  const open = { method: "GET", access: "open", cost: "free" } as const;
  return [
    { ...open, path: "/v2/health/live", handle: async () => json({ live: true }) },
    {
      ...open,
      path: "/v2/health/ready",
      async handle() {
        const { ready } = await readiness();
        return json({ ready }, ready ? 200 : 503);
      },
    },
  ];
}

/** What is asked of the server as a whole. `/v2/models/stats` stands before `/v2/models/{model}`. */
function serverRoutes(models: OipModels, statistics: InferenceStatistics): readonly Route[] {
  const ask = { method: "GET", access: "infer", cost: "one" } as const;
  const metadata = { name: "tollgate", version: protocolVersion, extensions };
  const loaded = (): readonly OipModel[] => models.slots.map(({ current }) => current.model);
  return [
    { ...ask, path: "/v2", handle: async () => json(metadata) },
    { ...ask, path: "/v2/", handle: async () => json(metadata) },
    {
      ...ask,
      path: "/v2/models",
      handle: async () => json({ models: [...new Set(loaded().map(({ reference }) => reference.name))] }),
    },
    {
      ...ask,
      path: "/v2/models/stats",
      handle: async () => json({ model_stats: loaded().map((model) => statistics.of(model)) }),
    },
    {
      ...ask,
      method: "POST",
      path: "/v2/repository/index",
      async handle(exchange) {
        await assertIndexRequest(exchange);
        // Listed is what is loaded, and what is loaded is ready: asking for ready ones only changes nothing.
        const entries = loaded().map((model) => {
          return { name: model.reference.name, version: versionOf(model), state: "READY", reason: "" };
        });
        return json(entries);
      },
    },
  ];
}

async function assertIndexRequest(exchange: Exchange): Promise<void> {
  const { "content-length": length, "transfer-encoding": chunked } = exchange.request.headers;
  if (chunked === undefined && (length === undefined || length === "0")) return;
  const { json: body } = await readInferenceBody(exchange);
  const { ready = false } = asObject(body, "the request");
  if (typeof ready !== "boolean") refuse('"ready" must be true or false');
}

function modelRoutes(
  path: string,
  parts: Pick<OipRoutesOptions, "models" | "readiness"> & { readonly statistics: InferenceStatistics },
): readonly Route[] {
  const ask = { method: "GET", access: "infer", cost: "one" } as const;
  const served = (exchange: Exchange): OipModel => {
    return targetOf(exchange, parts.models).slot.current.model;
  };
  return [
    {
      ...ask,
      path,
      handle: async (exchange) => json(metadataOf(served(exchange), versionsFor(exchange, parts.models))),
    },
    {
      ...ask,
      path: `${path}/ready`,
      async handle(exchange) {
        const { name } = served(exchange).reference;
        const { ready } = await parts.readiness();
        return json({ name, ready }, ready ? 200 : 503);
      },
    },
    {
      ...ask,
      path: `${path}/stats`,
      handle: async (exchange) => json({ model_stats: [parts.statistics.of(served(exchange))] }),
    },
  ];
}

function metadataOf(model: OipModel, loaded: readonly OipModel[]): Readonly<Record<string, unknown>> {
  const { input, output } = model.manifest;
  return {
    name: model.reference.name,
    versions: loaded.filter((each) => each.reference.name === model.reference.name).map(versionOf),
    platform: "onnx_onnxv1",
    inputs: [{ name: input.name, datatype: "FP32", shape: [-1, input.size] }],
    outputs: [{ name: output.name, datatype: "FP32", shape: [-1, 1] }],
    properties: {
      digest: model.reference.digest,
      feature_set: model.featureSet,
      max_rows: String(apiLimits.inferenceRows),
    },
  };
}

function json(value: unknown, status = 200): Answer {
  return { status, contentType: "application/json", body: JSON.stringify(value) };
}
