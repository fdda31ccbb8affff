import { ApiError } from "../../errors.ts";
import { decodeJson } from "../../http/decode-json.ts";
import { apiLimits } from "../../limits.ts";
import type { Exchange } from "../../route.ts";
import type { InferenceBody } from "./inference-request.ts";
import { refuse } from "./refuse.ts";

const lengthHeader = "inference-header-content-length";
/** Clients of the protocol often send no type at all: the length header tells JSON from binary. */
const types = /^(?:application\/json|application\/octet-stream)\s*(?:;.*)?$/iu;

/** Reads a body of JSON, of JSON and tensors, or of one tensor. @throws ApiError */
export async function readInferenceBody(exchange: Exchange): Promise<InferenceBody> {
  const { headers } = exchange.request;
  assertPlain(headers["content-type"], headers["content-encoding"]);
  const declared = headers[lengthHeader];
  const bytes = await exchange.readBytes(apiLimits.inferenceBodyBytes);
  if (declared === undefined) return { json: decodeJson(bytes), tensors: bytes.subarray(bytes.length) };
  const length = typeof declared === "string" && /^\d{1,9}$/u.test(declared) ? Number(declared) : Infinity;
  if (length > bytes.length) {
    refuse(`Inference-Header-Content-Length must be a length within the body's ${bytes.length} bytes`);
  }
  const tensors = bytes.subarray(length);
  return { json: length === 0 ? undefined : decodeJson(bytes.subarray(0, length)), tensors };
}

function assertPlain(type: string | undefined, encoding: string | undefined): void {
  const plain = encoding === undefined || encoding === "identity";
  if (plain && (type === undefined || types.test(type))) return;
  throw new ApiError("UNSUPPORTED_MEDIA_TYPE", {
    headers: { Accept: "application/json, application/octet-stream" },
  });
}
