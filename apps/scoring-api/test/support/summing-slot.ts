import { createModelSlot, type ModelSlot } from "@tollgate/inference";
import { silentLogger, systemClock } from "@tollgate/runtime";
import { createModelVersions, type ModelVersions, type PipelineModel } from "@tollgate/scoring";

/** A real slot and batcher around a model of three inputs whose score is their sum. */
export function summingSlot(version = 3): ModelSlot<PipelineModel> {
  return createModelSlot<PipelineModel>({ model: summingModel(version), clock: systemClock() });
}

/** The slot's version as champion, others beside it; the alias `challenger` points to version 4. */
export async function summingVersions(
  slot: ModelSlot<PipelineModel>,
  beside: readonly string[],
): Promise<ModelVersions> {
  const versions = createModelVersions({
    registry: { aliasOf: async (_name, alias) => (alias === "challenger" ? 4 : undefined) },
    served: { slot, reference: "card-payments@champion" },
    beside,
    load: async (reference) => summingModel(Number(reference.split("/")[1])),
    clock: systemClock(),
    logger: silentLogger(),
    inferenceObserver: {},
    watchObserver: { loaded: () => {}, refused: () => {}, unreadable: () => {} },
    observer: { counted: () => {} },
  });
  await versions.check();
  return versions;
}

export function summingModel(version: number): PipelineModel {
  const thresholds = { review: 0.5, decline: 0.9 };
  const cost = { fixedMicros: 100, perRowMicros: 10 };
  return {
    reference: { name: "card-payments", version, digest: "0".repeat(64) },
    thresholds,
    featureSet: "features-1",
    inputSize: 3,
    cost,
    placement: "in-thread",
    accelerator: { provider: "cpu", breakEvenRows: undefined, note: "" },
    runsAtOnce: 1,
    columns: Int32Array.of(0, 1, 2),
    manifest: { ...manifest, version, thresholds },
    async score(vectors, rows) {
      return Float32Array.from({ length: rows }, (_, row) => {
        const [a = 0, b = 0, c = 0] = vectors.subarray(row * 3, row * 3 + 3);
        return a + b + c;
      });
    },
    async close() {},
  };
}

const manifest: PipelineModel["manifest"] = {
  schema: "tollgate.model.v1",
  name: "card-payments",
  version: 3,
  file: "model.onnx",
  sha256: "0".repeat(64),
  featureSet: "features-1",
  features: ["first", "second", "third"].map((name) => ({ name, fingerprint: "", unit: "" })),
  input: { name: "features", size: 3 },
  output: { name: "probabilities" },
  thresholds: { review: 0.5, decline: 0.9 },
  goldenRows: [],
  trainedAt: "2026-03-01T00:00:00Z",
  trainedOn: {},
  metrics: {},
};
