import type { DocumentedModel, MediaType, Parameter, ResponseObject } from "./openapi-types.ts";

/** The protocol's binary tensor extension, as OpenAPI can say it: bytes, and a header that splits them. */
const binaryType = "application/octet-stream";
const lengthHeader = "Inference-Header-Content-Length";

export const headerLengthParameter: Parameter = {
  name: lengthHeader,
  in: "header",
  required: false,
  description:
    "Bytes of the JSON at the body's begin; the input's values follow it as little-endian float32, " +
    "`binary_data_size` bytes of them. With 0 the body is the input and nothing else, and the answer is " +
    "binary. Needed with a binary body.",
  schema: { type: "integer", minimum: 0 },
};

/** The JSON of the example asks for a binary answer too. */
export function binaryBody({ input }: DocumentedModel): Readonly<Record<string, MediaType>> {
  // Four times "0" is a number too, 6.4e-10: an example must be text, whatever the bytes mean.
  const tensor = "0000".repeat(input.size);
  const request = {
    inputs: [
      {
        name: input.name,
        shape: [1, input.size],
        datatype: "FP32",
        parameters: { binary_data_size: tensor.length },
      },
    ],
    parameters: { binary_data_output: true },
  };
  const json = JSON.stringify(request);
  const schema = {
    type: "string",
    format: "binary",
    description: "`InferenceRequest` as JSON without `data`, then the values of its input.",
  };
  const headers = { [lengthHeader]: String(json.length) };
  return { [binaryType]: { schema, example: json + tensor, "x-example-headers": headers } };
}

/** The answer to a request, in JSON or, where the request asked for it, with its values as bytes. */
export function binaryResponse(json: ResponseObject): ResponseObject {
  const schema = {
    type: "string",
    format: "binary",
    description: "`InferenceResponse` as JSON without `data`, then `binary_data_size` bytes of values.",
  };
  return {
    ...json,
    headers: {
      [lengthHeader]: {
        description: "Bytes of the JSON before the values; only with a binary answer.",
        schema: { type: "integer" },
      },
    },
    content: { ...json.content, [binaryType]: { schema } },
  };
}
