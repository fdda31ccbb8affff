import { expect, test } from "vitest";
import { columnsOfModel, type ModelManifest } from "../src/index.ts";
import { newModel } from "./support/registry-fixture.ts";

const manifest: ModelManifest = {
  ...newModel().manifest,
  schema: "tollgate.model.v1",
  version: 1,
  file: "model.onnx",
  sha256: "0".repeat(64),
};
const [amount, count] = manifest.features;
if (amount === undefined || count === undefined) throw new Error("the fixture has two features");
const added = { name: "card@v1:count_24h", fingerprint: "3333333333333333", unit: "transactions" };

test("a model's columns are found in the served vector, in whatever order and beside whatever else", () => {
  expect([...columnsOfModel(manifest, { hash: "h", features: [amount, count] })]).toEqual([0, 1]);
  expect([...columnsOfModel(manifest, { hash: "h", features: [count, added, amount] })]).toEqual([2, 0]);
});

const recent = {
  name: "card@v1:recent",
  fingerprint: "4444444444444444",
  slots: 2,
  channels: ["seconds_since"],
};
const network: ModelManifest = { ...manifest, sequence: recent, input: { name: "features", size: 4 } };

test("the sequence of a model lies behind all features that are served, one number after the other", () => {
  const served = { hash: "h", features: [count, added, amount], sequence: recent };
  expect([...columnsOfModel(network, served)]).toEqual([2, 0, 3, 4]);
  expect([...columnsOfModel(manifest, served)]).toEqual([2, 0]);
});

test("a model whose sequence is not served, or means something else, is refused with the difference", () => {
  const features = [amount, count];
  expect(() => columnsOfModel(network, { hash: "h", features })).toThrow(
    "was trained on feature set 00112233aabbccdd, this process computes h: " +
      "card@v1:recent is expected and no sequence is served",
  );
  const longer = { ...recent, fingerprint: "other", slots: 3 };
  expect(() => columnsOfModel(network, { hash: "h", features, sequence: longer })).toThrow(
    "card@v1:recent means something else now: slots 2 → 3",
  );
  const other = { ...longer, name: "till@v1:recent" };
  expect(() => columnsOfModel(network, { hash: "h", features: [amount], sequence: other })).toThrow(
    `${count.name} is expected and is not there; card@v1:recent is expected and is not there; ` +
      "till@v1:recent is new",
  );
});

test("a model is refused with the name of the feature that is not served", () => {
  const served = { hash: "h", features: [amount, added] };
  expect(() => columnsOfModel(manifest, served)).toThrow(`${count.name} is expected and is not there`);
});

test("a model is refused when a feature of the same name means something else, and is told what", () => {
  const served = { hash: "h", features: [{ ...amount, fingerprint: "other", unit: "cents" }, count] };
  expect(() => columnsOfModel(manifest, served)).toThrow(
    `${amount.name} means something else now: unit EUR → cents`,
  );
  expect(() => columnsOfModel(manifest, served)).toThrow("FEATURE_SET_DIFFERS");
});
