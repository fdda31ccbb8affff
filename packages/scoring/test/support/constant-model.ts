import type { PipelineModel } from "../../src/index.ts";

/** A model of one input whose score is a hundredth of its version. */
export function constantModel(version: number, closed: (version: number) => void): PipelineModel {
  const thresholds = { review: 0.5, decline: 0.9 };
  const reference = { name: "card-payments", version, digest: "0".repeat(64) };
  return {
    reference,
    thresholds,
    featureSet: "features-1",
    inputSize: 1,
    cost: { fixedMicros: 1, perRowMicros: 1 },
    placement: "in-thread",
    accelerator: { provider: "cpu", breakEvenRows: undefined, note: "" },
    runsAtOnce: 1,
    columns: Int32Array.of(0),
    manifest: {
      schema: "tollgate.model.v1",
      name: reference.name,
      version,
      file: "model.onnx",
      sha256: reference.digest,
      featureSet: "features-1",
      features: [],
      input: { name: "features", size: 1 },
      output: { name: "probabilities" },
      thresholds,
      goldenRows: [],
      trainedAt: "2026-03-01T00:00:00Z",
      trainedOn: {},
      metrics: {},
    },
    score: async (_vectors, rows) => new Float32Array(rows).fill(version / 100),
    close: async () => closed(version),
  };
}
