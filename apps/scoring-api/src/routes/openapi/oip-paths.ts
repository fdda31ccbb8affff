import { apiErrors, type ApiErrorCode } from "../../errors.ts";
import { apiLimits } from "../../limits.ts";
import { binaryBody, binaryResponse, headerLengthParameter } from "./oip-binary.ts";
import { deadlineParameter, jsonBody, jsonResponse, requestIdParameter } from "./openapi-parts.ts";
import type {
  DocumentedModel,
  OpenApiDocument,
  Operation,
  Parameter,
  ResponseObject,
} from "./openapi-types.ts";

const tags = ["Inference"];
const asked: readonly ApiErrorCode[] = ["UNAUTHENTICATED", "MISSING_SCOPE", "RATE_LIMITED", "OVERLOADED"];

/** `/v2`: the Open Inference Protocol over HTTP. */
export function oipPaths(model: DocumentedModel): OpenApiDocument["paths"] {
  const plain = modelPaths("/v2/models/{model}", { model, parameters: [nameParameter(model)], suffix: "" });
  const versioned = modelPaths("/v2/models/{model}/versions/{version}", {
    model,
    parameters: [nameParameter(model), versionParameter(model)],
    suffix: "OfVersion",
  });
  const health = (path: string, summary: string): OpenApiDocument["paths"] => ({
    [`/v2/health/${path}`]: {
      get: {
        operationId: `inferenceServer${path === "live" ? "Live" : "Ready"}`,
        tags,
        summary,
        description: "Open.",
        security: [],
        responses: {
          "200": { description: "Yes.", content: { "application/json": { schema: { type: "object" } } } },
          ...(path === "ready" ? { "503": jsonResponse("A part is missing.", "InferenceReadiness") } : {}),
        },
      },
    },
  });
  return {
    "/v2": { get: ask("inferenceServer", "Server metadata", "InferenceServer") },
    ...health("live", "Is the server alive"),
    ...health("ready", "Should the server be asked"),
    "/v2/models": { get: ask("inferenceModels", "Names of the models", "InferenceModels") },
    "/v2/models/stats": {
      get: ask("inferenceStatistics", "Statistics of all models", "InferenceStatistics"),
    },
    "/v2/repository/index": { post: ask("repositoryIndex", "Versions that are loaded", "RepositoryIndex") },
    ...plain,
    ...versioned,
  };
}

interface ModelPathOptions {
  readonly model: DocumentedModel;
  readonly parameters: readonly Parameter[];
  /** Makes operation ids unique. */
  readonly suffix: string;
}

function modelPaths(path: string, options: ModelPathOptions): OpenApiDocument["paths"] {
  const { parameters, suffix } = options;
  const named = (operationId: string, summary: string, schema: string): Operation => {
    const operation = ask(`${operationId}${suffix}`, summary, schema);
    return {
      ...operation,
      parameters,
      responses: { ...operation.responses, ...errors(["MODEL_NOT_LOADED"]) },
    };
  };
  const ready = named("modelReady", "Can the model be asked", "InferenceReadiness");
  return {
    [path]: { get: named("modelMetadata", "What the model takes and gives", "InferenceModel") },
    [`${path}/ready`]: { get: ready },
    [`${path}/stats`]: { get: named("modelStatistics", "Statistics of the model", "InferenceStatistics") },
    [`${path}/infer`]: { post: inferOperation(options) },
  };
}

function inferOperation({ model, parameters, suffix }: ModelPathOptions): Operation {
  const { name, size } = model.input;
  const data = Array.from({ length: size }, () => 0);
  const example = { id: "1", inputs: [{ name, shape: [1, size], datatype: "FP32", data }] };
  return {
    operationId: `infer${suffix}`,
    tags,
    summary: "Run the model by itself",
    description:
      `Needs the scope \`infer\`. At most ${apiLimits.inferenceRows} rows and ` +
      `${apiLimits.inferenceBodyBytes} bytes; costs its number of rows of the key's rate. No rules, no ` +
      "states: it is not a fraud decision and is not recorded. With `Inference-Header-Content-Length` " +
      "tensors follow the JSON as little-endian bytes.",
    parameters: [
      ...parameters,
      headerLengthParameter,
      deadlineParameter(apiLimits.inferenceDeadlineMs),
      requestIdParameter,
    ],
    requestBody: {
      required: true,
      content: { ...jsonBody("InferenceRequest", example).content, ...binaryBody(model) },
    },
    responses: {
      "200": binaryResponse(jsonResponse("One probability for each row.", "InferenceResponse")),
      ...errors([
        ...(["INVALID_INFERENCE", "INVALID_JSON", "NOT_UTF8", "EMPTY_BODY", "INVALID_DEADLINE"] as const),
        ...(["MODEL_NOT_LOADED", "BODY_TOO_LARGE", "TOO_MANY_ITEMS", "UNSUPPORTED_MEDIA_TYPE"] as const),
        ...([...asked, "INTERNAL", "INFERENCE_REJECTED"] as const),
      ]),
    },
  };
}

function ask(operationId: string, summary: string, schema: string): Operation {
  return {
    operationId,
    tags,
    summary,
    description: "Needs the scope `infer`.",
    parameters: [requestIdParameter],
    responses: { "200": jsonResponse(`${summary}.`, schema), ...errors(asked) },
  };
}

/** By status, in the protocol's form. */
function errors(codes: readonly ApiErrorCode[]): Readonly<Record<string, ResponseObject>> {
  const byStatus = Object.groupBy(codes, (code) => String(apiErrors[code].status));
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, group = []]) => [
      status,
      jsonResponse(group.map((code) => `\`${code}\``).join(", "), "InferenceError"),
    ]),
  );
}

function nameParameter({ name }: DocumentedModel): Parameter {
  const description = "Name of the model that is served.";
  return {
    name: "model",
    in: "path",
    required: true,
    description,
    schema: { type: "string" },
    example: name,
  };
}

function versionParameter({ version }: DocumentedModel): Parameter {
  const description = "Its version, a number; another than the loaded one is a 404.";
  const schema = { type: "string" };
  return { name: "version", in: "path", required: true, description, schema, example: version };
}
