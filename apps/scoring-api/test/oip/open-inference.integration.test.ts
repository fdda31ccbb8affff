import { expect, test } from "vitest";
import { openPythonClient } from "../support/python-client.ts";
import { startChampionApi } from "../support/start-champion-api.ts";

const ask = await openPythonClient("open-inference");

test.runIf(ask)("the client made from the protocol's own description reads all and infers", async () => {
  const { manifest, question, probabilities } = await startChampionApi();
  const answer = await ask?.(question);

  const version = String(manifest.version);
  const { input, output, name } = manifest;
  const model = {
    name,
    versions: [version, "4"],
    platform: "onnx_onnxv1",
    inputs: [{ name: input.name, datatype: "FP32", shape: [-1, input.size] }],
    outputs: [{ name: output.name, datatype: "FP32", shape: [-1, 1] }],
  };
  const { length } = probabilities;
  const data = probabilities.map((probability) => expect.closeTo(probability, 5) as unknown);
  const inference = {
    model_name: name,
    model_version: version,
    id: "asked",
    outputs: [{ name: output.name, datatype: "FP32", shape: [length, 1], data }],
  };
  expect(answer).toMatchObject({
    server: { name: "tollgate", version: "2" },
    ready: true,
    model,
    version: model,
    flat: inference,
    nested: inference,
    refusal: {
      type: "BadRequestError",
      status: 400,
      body: { error: expect.stringContaining('unknown input "another"') as unknown },
    },
  });
});
