import { createHash } from "node:crypto";
import { encodeVector } from "@tollgate/contracts";
import type { ModelManifest } from "@tollgate/model-registry";
import { tinyManifest } from "./load-tiny-model.ts";
import { neuralOnnxModel } from "./tiny-onnx-model.ts";

/** A small network with golden rows that this file computes itself, in double precision. */
export function neuralModel(options: { readonly hiddenSize: number; readonly version?: number }): {
  modelBytes: Uint8Array;
  manifest: ModelManifest;
} {
  const { hiddenSize, version = 1 } = options;
  const inputSize = 16;
  let drawn = 0;
  // The same numbers each time, spread well enough, in a process without the test runner too.
  const values = (count: number, scale: number): number[] =>
    Array.from({ length: count }, () => Math.fround((scale / 2) * Math.sin((drawn += 1) ** 2)));
  const hidden = values(inputSize * hiddenSize, 0.5);
  const output = values(hiddenSize, 4 / Math.sqrt(hiddenSize));
  const modelBytes = neuralOnnxModel({ inputSize, hiddenSize, hidden, output });
  const score = (vector: readonly number[]): number => {
    const logit = output.reduce((sum, weight, column) => {
      const total = vector.reduce(
        (at, value, row) => at + value * (hidden[row * hiddenSize + column] ?? 0),
        0,
      );
      return sum + weight * Math.max(0, total);
    }, 0);
    return 1 / (1 + Math.exp(-logit));
  };
  const rows = Array.from({ length: 16 }, () => values(inputSize, 4));
  const names = Array.from({ length: inputSize }, (_, index) => `feature-${index}`);
  const manifest = tinyManifest(modelBytes, {
    name: "neural",
    version,
    sha256: createHash("sha256").update(modelBytes).digest("hex"),
    features: names.map((name) => ({ name, fingerprint: name, unit: "EUR" })),
    input: { name: "features", size: inputSize },
    goldenRows: rows.map((row) => ({
      vector: encodeVector(Float32Array.from(row)),
      probability: score(row),
    })),
  });
  return { modelBytes, manifest };
}
