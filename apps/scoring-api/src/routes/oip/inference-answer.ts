import type { Answer } from "../../http/end-response.ts";
import { float32Bytes } from "./float32-bytes.ts";
import type { InferenceRequest } from "./inference-request.ts";
import { versionOf, type OipModel } from "./oip-model.ts";

/** The scores as the caller asked for them: in the JSON, or as bytes after it. */
export function inferenceAnswer(result: {
  readonly request: InferenceRequest;
  readonly model: OipModel;
  readonly scores: Float32Array;
}): Answer {
  const { request, model, scores } = result;
  const tensors: Buffer[] = [];
  const outputs = request.outputs.map(({ name, binary }) => {
    const output = { name, datatype: "FP32", shape: [request.rows, 1] };
    if (!binary) return { ...output, data: [...scores] };
    const bytes = float32Bytes(scores);
    tensors.push(bytes);
    return { ...output, parameters: { binary_data_size: bytes.length } };
  });
  const json = JSON.stringify({
    model_name: model.reference.name,
    model_version: versionOf(model),
    ...(request.id === undefined ? {} : { id: request.id }),
    outputs,
  });
  if (tensors.length === 0) return { status: 200, contentType: "application/json", body: json };
  const header = Buffer.from(json);
  return {
    status: 200,
    contentType: "application/octet-stream",
    body: Buffer.concat([header, ...tensors]),
    headers: { "Inference-Header-Content-Length": String(header.length) },
  };
}
