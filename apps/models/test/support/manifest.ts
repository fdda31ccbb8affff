import type { NewModel } from "@tollgate/model-registry";

/** A manifest as `publish` takes it. */
export const manifest: NewModel["manifest"] = {
  name: "card-payments",
  featureSet: "00112233aabbccdd",
  features: [{ name: "transaction:amount", fingerprint: "1111111111111111", unit: "EUR" }],
  input: { name: "features", size: 1 },
  output: { name: "probabilities" },
  thresholds: { review: 0.2, decline: 0.8 },
  goldenRows: [{ vector: "AACAPw==", probability: 0.25 }],
  trainedAt: "2026-11-01T00:00:00Z",
  trainedOn: { source: "simulation", trees: 3 },
  metrics: { averagePrecision: 0.7 },
};
