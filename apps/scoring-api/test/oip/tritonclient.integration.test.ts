import { expect, test } from "vitest";
import { openPythonClient } from "../support/python-client.ts";
import { startChampionApi } from "../support/start-champion-api.ts";

const ask = await openPythonClient("tritonclient");

test.runIf(ask)("tritonclient reads the metadata and infers, in JSON and in binary", async () => {
  const { manifest, question, probabilities } = await startChampionApi();
  const answer = (await ask?.(question)) as {
    readonly json: readonly number[];
    readonly binary: readonly number[];
  };

  const version = String(manifest.version);
  expect(answer).toMatchObject({
    live: true,
    ready: true,
    modelReady: true,
    server: { name: "tollgate", version: "2" },
    model: {
      name: manifest.name,
      versions: [version, "4"],
      inputs: [{ name: manifest.input.name, datatype: "FP32", shape: [-1, manifest.input.size] }],
    },
    index: [version, "4"].map((each) => ({ name: manifest.name, version: each, state: "READY" })),
    other: { name: manifest.name, versions: [version, "4"], inputs: [{ shape: [-1, 3] }] },
    otherReady: true,
    otherScores: [expect.closeTo(0.5)],
    statistics: {
      model_stats: [{ version, inference_count: 16, execution_count: 2, batch_stats: [{ batch_size: 8 }] }],
    },
    refusal: { status: "404", message: expect.stringContaining("MODEL_NOT_LOADED") as unknown },
    unsupported: { status: "501", message: expect.stringContaining("NOT_IMPLEMENTED") as unknown },
  });
  expect(answer.binary).toEqual(answer.json);
  expect(answer.binary).toEqual(
    probabilities.map((probability) => expect.closeTo(probability, 5) as unknown),
  );
});
