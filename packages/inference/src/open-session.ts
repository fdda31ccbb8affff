import type { ModelManifest } from "@tollgate/model-registry";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { InferenceError } from "./errors.ts";

/** What a session runs on: ONNX Runtime's execution providers that Tollgate knows. */
export type Provider = "cpu" | "cuda" | "webgpu";

/** An ONNX Runtime session that gives one score for each row. */
export interface Session {
  score(vectors: Float32Array, rows: number): Promise<Float32Array>;
  close(): Promise<void>;
}

/** 3 is "error": warnings of the optimiser are about the exported graph, which nobody here can change. */
const logOnlyErrors = 3;
/** A machine without the device is no error: the caller gets it as an exception and says so itself. */
const logOnlyFatal = 4;

/**
 * Opens a session; what a device's provider cannot run, ONNX Runtime runs on the CPU. One thread: a tree
 * model's batch is done before a second thread is awake, and the cores belong to the other processes.
 * Opening holds the thread: 7 to 10 ms for 300 trees. Throws MODEL_UNUSABLE.
 */
export async function openSession(
  modelBytes: Uint8Array,
  manifest: ModelManifest,
  provider: Provider = "cpu",
): Promise<Session> {
  const session = await InferenceSession.create(modelBytes, {
    executionProviders: [provider],
    executionMode: "sequential",
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    graphOptimizationLevel: "all",
    logSeverityLevel: provider === "cpu" ? logOnlyErrors : logOnlyFatal,
  }).catch((error: unknown) => {
    throw new InferenceError(
      "MODEL_UNUSABLE",
      `${nameOf(manifest)} cannot be opened on ${provider}: ${textOf(error)}`,
      { cause: error },
    );
  });
  try {
    assertSignature(session, manifest);
  } catch (error) {
    await session.release();
    throw error;
  }
  let closed = false;
  return {
    async score(vectors, rows) {
      // The native session is gone after release, and touching it would end the process.
      if (closed) throw new InferenceError("BACKEND", `${nameOf(manifest)} is closed`);
      return run({ session, manifest, vectors, rows });
    },
    async close() {
      if (closed) return;
      closed = true;
      await session.release();
    },
  };
}

/** Throws INPUT_SIZE. */
export function assertInputSize(vectors: Float32Array, rows: number, size: number): void {
  if (vectors.length >= rows * size) return;
  const detail = `${rows} rows of ${size} features need ${rows * size} values, got ${vectors.length}`;
  throw new InferenceError("INPUT_SIZE", detail);
}

async function run(call: {
  readonly session: InferenceSession;
  readonly manifest: ModelManifest;
  readonly vectors: Float32Array;
  readonly rows: number;
}): Promise<Float32Array> {
  const { manifest, rows } = call;
  const size = manifest.input.size;
  assertInputSize(call.vectors, rows, size);
  const input = new Tensor("float32", call.vectors.subarray(0, rows * size), [rows, size]);
  let scores: unknown;
  try {
    const outputs = await call.session.run({ [manifest.input.name]: input }, [manifest.output.name]);
    scores = outputs[manifest.output.name]?.data;
  } catch (error) {
    throw new InferenceError("BACKEND", `${nameOf(manifest)} failed on ${rows} rows: ${textOf(error)}`, {
      cause: error,
    });
  }
  if (scores instanceof Float32Array && scores.length === rows) return scores;
  throw new InferenceError(
    "BACKEND",
    `${nameOf(manifest)} did not give one float32 score for each of ${rows} rows`,
  );
}

function assertSignature(session: InferenceSession, manifest: ModelManifest): void {
  const inputs = session.inputNames.join(", ");
  const outputs = session.outputNames.join(", ");
  if (inputs === manifest.input.name && outputs === manifest.output.name) return;
  throw new InferenceError(
    "MODEL_UNUSABLE",
    `${nameOf(manifest)} must have the input "${manifest.input.name}" and the output ` +
      `"${manifest.output.name}" only; the file has (${inputs}) and (${outputs})`,
  );
}

function nameOf(manifest: ModelManifest): string {
  return `${manifest.name}@v${manifest.version}`;
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
