import type { RequestedOutput } from "./inference-request.ts";
import { asObject, refuse } from "./refuse.ts";

/**
 * Which outputs are wanted; all of them when the request names none.
 * @param model the model's only output, and whether outputs are binary unless one says otherwise.
 * @throws ApiError `INVALID_INFERENCE`
 */
export function parseOutputs(outputs: unknown, model: RequestedOutput): readonly RequestedOutput[] {
  if (outputs === undefined) return [model];
  if (!Array.isArray(outputs)) refuse('"outputs" must be a list');
  if (outputs.length === 0) return [model];
  if (outputs.length > 1) refuse(`"outputs" names more than the one output "${model.name}"`);
  const output = asObject(outputs[0], "an output");
  if (output["name"] !== model.name) {
    refuse(`unknown output ${JSON.stringify(output["name"])}, expected "${model.name}"`);
  }
  const { parameters = {} } = output;
  const wanted = asObject(parameters, `"parameters" of output "${model.name}"`);
  if (wanted["classification"] !== undefined) {
    refuse('parameter "classification" is not supported: the output is a probability');
  }
  const binary = wanted["binary_data"] ?? model.binary;
  return [{ name: model.name, binary: wantsBinary(binary, "binary_data") }];
}

export function wantsBinary(value: unknown, name: string): boolean {
  if (value === undefined) return false;
  if (typeof value !== "boolean") refuse(`parameter "${name}" must be true or false`);
  return value;
}
