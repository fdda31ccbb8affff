import { createModelSlot, type ModelSlot } from "@tollgate/inference";
import { systemClock } from "@tollgate/runtime";
import type { OipModel } from "../../src/routes/oip/oip-model.ts";

/** A real slot and batcher around a model of three inputs whose score is their sum. */
export function summingSlot(version = 3): ModelSlot<OipModel> {
  return createModelSlot<OipModel>({ model: summingModel(version), clock: systemClock() });
}

export function summingModel(version: number): OipModel {
  return {
    reference: { name: "card-payments", version, digest: "0".repeat(64) },
    thresholds: { review: 0.5, decline: 0.9 },
    featureSet: "features-1",
    inputSize: 3,
    cost: { fixedMicros: 100, perRowMicros: 10 },
    placement: "in-thread",
    accelerator: { provider: "cpu", breakEvenRows: undefined, note: "" },
    runsAtOnce: 1,
    manifest: { input: { name: "features", size: 3 }, output: { name: "probabilities" } },
    async score(vectors, rows) {
      return Float32Array.from({ length: rows }, (_, row) => {
        const [a = 0, b = 0, c = 0] = vectors.subarray(row * 3, row * 3 + 3);
        return a + b + c;
      });
    },
    async close() {},
  };
}
