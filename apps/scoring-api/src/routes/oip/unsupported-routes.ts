import { ApiError } from "../../errors.ts";
import type { Route } from "../../route.ts";

/**
 * Paths of the protocol's extensions that this server does not have: a client of Triton's learns that by 501,
 * not by a path that seems mistyped. (Triton says 503 for what it was built without: "try again".)
 */
export function unsupportedRoutes(): readonly Route[] {
  return Object.entries(unsupported).flatMap(([extension, places]) =>
    places.flatMap(({ methods, paths }) =>
      paths.flatMap((path) => methods.map((method) => unsupportedRoute(method, path, extension))),
    ),
  );
}

interface Places {
  readonly methods: readonly Route["method"][];
  readonly paths: readonly string[];
}

const models = ["/v2/models/{model}", "/v2/models/{model}/versions/{version}"];

const unsupported: Readonly<Record<string, readonly Places[]>> = {
  "model_repository(load,unload)": [
    {
      methods: ["POST"],
      paths: ["load", "unload"].map((action) => `/v2/repository/models/{model}/${action}`),
    },
  ],
  model_configuration: [{ methods: ["GET"], paths: models.map((model) => `${model}/config`) }],
  generate: [
    {
      methods: ["POST"],
      paths: models.flatMap((model) => [`${model}/generate`, `${model}/generate_stream`]),
    },
  ],
  system_shared_memory: sharedMemory("/v2/systemsharedmemory"),
  cuda_shared_memory: sharedMemory("/v2/cudasharedmemory"),
  trace: [{ methods: ["GET", "POST"], paths: ["/v2/trace/setting", "/v2/models/{model}/trace/setting"] }],
  logging: [{ methods: ["GET", "POST"], paths: ["/v2/logging"] }],
};

function sharedMemory(path: string): readonly Places[] {
  const region = `${path}/region/{region}`;
  return [
    { methods: ["GET"], paths: [`${path}/status`, `${region}/status`] },
    { methods: ["POST"], paths: [`${region}/register`, `${path}/unregister`, `${region}/unregister`] },
  ];
}

function unsupportedRoute(method: Route["method"], path: string, extension: string): Route {
  const detail = `It belongs to ${extension}.`;
  return {
    method,
    path,
    access: "infer",
    cost: "one",
    handle: () => Promise.reject(new ApiError("NOT_IMPLEMENTED", { detail })),
  };
}
