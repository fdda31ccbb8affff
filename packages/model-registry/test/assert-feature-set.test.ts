import { expect, test } from "vitest";
import { assertFeatureSet, type ModelManifest } from "../src/index.ts";
import { newModel } from "./support/registry-fixture.ts";

const manifest: ModelManifest = {
  ...newModel().manifest,
  schema: "tollgate.model.v1",
  version: 1,
  file: "model.onnx",
  sha256: "0".repeat(64),
};
const [amount = "", count = ""] = manifest.features;

test("the layout that the model was trained on is accepted", () => {
  expect(() =>
    assertFeatureSet(manifest, { hash: manifest.featureSet, names: manifest.features }),
  ).not.toThrow();
});

test("another layout is refused with the features that are missing, extra and moved", () => {
  const served = { hash: "other", names: [count, "card@v1:count_24h"] };
  expect(() => assertFeatureSet(manifest, served)).toThrow(
    `missing: ${amount}; extra: card@v1:count_24h; moved: ${count} (1 → 0)`,
  );
});

test("another hash with the same names is refused", () => {
  const served = { hash: "other", names: manifest.features };
  expect(() => assertFeatureSet(manifest, served)).toThrow("a unit or the layout of a state differs");
});

test("the same hash with other names is refused", () => {
  const served = { hash: manifest.featureSet, names: [count, amount] };
  expect(() => assertFeatureSet(manifest, served)).toThrow("FEATURE_SET_DIFFERS");
});
