/** An inference request that fits the model. */
export interface InferenceRequest {
  /** Comes back in the answer. */
  readonly id: string | undefined;
  /** Rows of the model's input, one after the other. */
  readonly vectors: Float32Array;
  readonly rows: number;
  /** `shadow` where the caller asked to wait behind the decisions. */
  readonly priority: "champion" | "shadow";
  /** The caller's own limit in milliseconds; undefined without one. */
  readonly timeoutMs: number | undefined;
  /** The outputs to send, in order; there is one at most. */
  readonly outputs: readonly RequestedOutput[];
}

export interface RequestedOutput {
  readonly name: string;
  /** After the JSON, as little-endian float32; else inside it. */
  readonly binary: boolean;
}

/** A body, split as `Inference-Header-Content-Length` says. */
export interface InferenceBody {
  /** The JSON part; undefined for a body that is one tensor and nothing else. */
  readonly json: unknown;
  readonly tensors: Uint8Array;
}
