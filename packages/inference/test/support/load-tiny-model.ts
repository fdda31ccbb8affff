import { createHash } from "node:crypto";
import { encodeVector } from "@tollgate/contracts";
import type { ModelManifest } from "@tollgate/model-registry";
import { silentLogger, systemClock, type Deadline } from "@tollgate/runtime";
import { loadModel, type LoadModelOptions, type ScoringModel } from "../../src/index.ts";
import { tinyOnnxModel } from "./tiny-onnx-model.ts";

export const tinyWeights: readonly number[] = [0.5, -1, 2];

export function tinyScore(vector: readonly number[]): number {
  const logit = tinyWeights.reduce((sum, weight, index) => sum + weight * (vector[index] ?? 0), 0);
  return 1 / (1 + Math.exp(-logit));
}

export function tinyManifest(modelBytes: Uint8Array, changes: Partial<ModelManifest> = {}): ModelManifest {
  const golden = [
    [0, 0, 0],
    [1, 2, 3],
    [-4, 0.5, 0.25],
  ];
  return {
    schema: "tollgate.model.v1",
    name: "tiny",
    version: 1,
    file: "model.onnx",
    sha256: createHash("sha256").update(modelBytes).digest("hex"),
    featureSet: "00112233aabbccdd",
    features: ["a", "b", "c"].map((name) => ({ name, fingerprint: `${name}-fingerprint`, unit: "EUR" })),
    input: { name: "features", size: 3 },
    output: { name: "probabilities" },
    thresholds: { review: 0.5, decline: 0.9 },
    goldenRows: golden.map((row) => ({
      vector: encodeVector(Float32Array.from(row)),
      probability: tinyScore(row),
    })),
    trainedAt: "2026-11-01T00:00:00Z",
    trainedOn: {},
    metrics: {},
    ...changes,
  };
}

export async function loadTinyModel(
  changes: Partial<ModelManifest> = {},
  options: Partial<LoadModelOptions> = {},
): Promise<ScoringModel> {
  const modelBytes = tinyOnnxModel(tinyWeights);
  const manifest = tinyManifest(modelBytes, changes);
  return loadModel({ modelBytes, manifest, clock: systemClock(), logger: silentLogger(), ...options });
}

/** A deadline that a test decides on. */
export function deadlineOf(expired: () => boolean): Deadline {
  return { expired, remainingMs: () => (expired() ? -1 : 1000) };
}

export const farDeadline: Deadline = deadlineOf(() => false);
