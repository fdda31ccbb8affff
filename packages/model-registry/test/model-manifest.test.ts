import { encodeVector } from "@tollgate/contracts";
import { expect, test } from "vitest";
import { parseModelManifest } from "../src/index.ts";
import { newModel } from "./support/registry-fixture.ts";

const written = {
  ...newModel().manifest,
  schema: "tollgate.model.v1",
  version: 1,
  file: "model.onnx",
  sha256: "0".repeat(64),
};
const sequence = {
  name: "card@v1:recent",
  fingerprint: "4444",
  slots: 3,
  channels: ["seconds_since", "amount"],
};
/** Two features, then three slots of two channels. */
const network = {
  ...written,
  sequence,
  input: { ...written.input, size: 8 },
  goldenRows: [{ vector: encodeVector(new Float32Array(8)), probability: 0.5 }],
};

test("the input of a model with a sequence holds its features, then each slot's channels", () => {
  expect(parseModelManifest(network)).toMatchObject({ ok: true, value: { sequence } });
  expect(parseModelManifest(written)).toMatchObject({ ok: true });
});

test("another size of the input, and golden rows of it, are faults with their paths", () => {
  const narrow = parseModelManifest({ ...network, input: written.input, goldenRows: written.goldenRows });
  expect(narrow).toEqual({
    ok: false,
    faults: [
      { path: "/input/size", message: "must be the number of features and of the sequence's values, 8" },
      {
        path: "/goldenRows/0/vector",
        message: "must hold 8 float32 values, 32 bytes; it holds 8 bytes",
      },
    ],
  });
  expect(parseModelManifest({ ...written, input: network.input })).toMatchObject({
    ok: false,
    faults: [{ path: "/input/size", message: "must be the number of features, 2" }],
  });
});

test("a sequence without slots, without channels or with anything else is a fault", () => {
  for (const [changes, path] of [
    [{ slots: 0 }, "/sequence/slots"],
    [{ slots: 1e9 }, "/sequence/slots"],
    [{ channels: [] }, "/sequence/channels"],
    [{ fingerprint: "" }, "/sequence/fingerprint"],
    [{ size: 6 }, "/sequence/size"],
  ] as const) {
    const parsed = parseModelManifest({ ...network, sequence: { ...sequence, ...changes } });
    expect(parsed.ok ? [] : parsed.faults.map((fault) => fault.path)).toContain(path);
  }
});
