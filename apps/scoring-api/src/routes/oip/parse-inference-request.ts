import { ApiError } from "../../errors.ts";
import { apiLimits } from "../../limits.ts";
import { float32Values } from "./float32-bytes.ts";
import type { InferenceBody, InferenceRequest } from "./inference-request.ts";
import type { OipModel } from "./oip-model.ts";
import { parseOutputs, wantsBinary } from "./parse-outputs.ts";
import { asObject, refuse, type JsonObject } from "./refuse.ts";
import { flatNumbers } from "./flat-numbers.ts";

/** Checks a request against the model. @throws ApiError `INVALID_INFERENCE` saying what is wrong and where */
export function parseInferenceRequest(body: InferenceBody, model: OipModel): InferenceRequest {
  if (body.json === undefined) return rawRequest(body.tensors, model);
  const request = asObject(body.json, "the request");
  const { id } = request;
  if (id !== undefined && (typeof id !== "string" || id.length > apiLimits.inferenceIdCharacters)) {
    refuse(`"id" must be a string of at most ${apiLimits.inferenceIdCharacters} characters`);
  }
  const parameters = parametersOf(request, "the request");
  const vectors = inputOf(request, { model, tensors: body.tensors });
  return {
    id,
    vectors,
    rows: vectors.length / model.inputSize,
    priority: priorityOf(parameters),
    timeoutMs: timeoutOf(parameters),
    outputs: parseOutputs(request["outputs"], {
      name: model.manifest.output.name,
      binary: wantsBinary(parameters["binary_data_output"], "binary_data_output"),
    }),
  };
}

/** `Inference-Header-Content-Length: 0`: the body is the one input, and the answer is binary too. */
function rawRequest(tensors: Uint8Array, model: OipModel): InferenceRequest {
  const vectors = float32Values(tensors);
  if (vectors === undefined || vectors.length === 0 || vectors.length % model.inputSize !== 0) {
    const rowBytes = model.inputSize * 4;
    refuse(`a raw body must be rows of ${rowBytes} bytes, it has ${tensors.length} bytes`);
  }
  const rows = vectors.length / model.inputSize;
  assertRows(rows);
  const outputs = [{ name: model.manifest.output.name, binary: true }];
  return { id: undefined, vectors, rows, priority: "champion", timeoutMs: undefined, outputs };
}

function inputOf(
  request: JsonObject,
  { model, tensors }: { readonly model: OipModel; readonly tensors: Uint8Array },
): Float32Array {
  const { name } = model.manifest.input;
  const inputs = request["inputs"];
  if (!Array.isArray(inputs) || inputs.length !== 1) {
    refuse(`"inputs" must be a list of the one input "${name}"`);
  }
  const input = asObject(inputs[0], "an input");
  if (input["name"] !== name) refuse(`unknown input ${JSON.stringify(input["name"])}, expected "${name}"`);
  if (input["datatype"] !== "FP32") {
    refuse(`input "${name}" has datatype ${JSON.stringify(input["datatype"])}, expected "FP32"`);
  }
  const rows = rowsOf(input["shape"], model);
  const values = rows * model.inputSize;
  const size = parametersOf(input, `input "${name}"`)["binary_data_size"];
  if (size === undefined) {
    if (tensors.length > 0) refuse(`${tensors.length} bytes follow the JSON, and no input claims them`);
    return flatNumbers(input["data"], { values, name });
  }
  if (input["data"] !== undefined) refuse(`input "${name}" has both "data" and binary_data_size`);
  return binaryInput(tensors, { size, values, name });
}

function binaryInput(
  tensors: Uint8Array,
  expected: { readonly size: unknown; readonly values: number; readonly name: string },
): Float32Array {
  const { size, values, name } = expected;
  if (size !== tensors.length) {
    refuse(`input "${name}" has binary_data_size ${String(size)}, ${tensors.length} bytes follow the JSON`);
  }
  const vectors = float32Values(tensors);
  if (vectors?.length !== values) {
    refuse(`input "${name}" has ${tensors.length} bytes, its shape needs ${values * 4}`);
  }
  return vectors;
}

function rowsOf(shape: unknown, model: OipModel): number {
  const { name, size } = model.manifest.input;
  const [rows, columns] = Array.isArray(shape) ? (shape as readonly unknown[]) : [];
  const right = Array.isArray(shape) && shape.length === 2 && columns === size && Number.isInteger(rows);
  if (!right || typeof rows !== "number") {
    refuse(`input "${name}" has shape ${JSON.stringify(shape)}, expected [rows, ${size}]`);
  }
  assertRows(rows);
  return rows;
}

function assertRows(rows: number): void {
  if (rows < 1) refuse("the first dimension of the shape must be 1 or more");
  if (rows <= apiLimits.inferenceRows) return;
  const detail = `${rows} rows were sent, the limit is ${apiLimits.inferenceRows}.`;
  throw new ApiError("TOO_MANY_ITEMS", { detail });
}

function parametersOf(owner: JsonObject, where: string): JsonObject {
  const { parameters = {} } = owner;
  const checked = asObject(parameters, `"parameters" of ${where}`);
  for (const [name, value] of Object.entries(checked)) {
    if (["string", "number", "boolean"].includes(typeof value)) continue;
    refuse(`parameter "${name}" must be a string, a number or a boolean`);
  }
  for (const name of ["sequence_id", "sequence_start", "sequence_end"]) {
    const value = checked[name];
    if (value === undefined || value === 0 || value === "" || value === false) continue;
    refuse(`parameter "${name}" is for models with sequences, this one has none`);
  }
  return checked;
}

/** Triton's: 0 is the default, 1 the highest. From 2 on a request waits until no decision waits. */
function priorityOf({ priority = 0 }: JsonObject): InferenceRequest["priority"] {
  if (typeof priority !== "number" || !Number.isSafeInteger(priority) || priority < 0) {
    refuse('parameter "priority" must be a whole number from 0 on');
  }
  return priority > 1 ? "shadow" : "champion";
}

/** In microseconds on the wire; 0 is none. */
function timeoutOf({ timeout = 0 }: JsonObject): number | undefined {
  if (typeof timeout !== "number" || !Number.isSafeInteger(timeout) || timeout < 0) {
    refuse('parameter "timeout" must be a whole number of microseconds from 0 on');
  }
  return timeout === 0 ? undefined : timeout / 1000;
}
