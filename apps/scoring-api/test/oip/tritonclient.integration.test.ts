import { createModelSlot, loadModel } from "@tollgate/inference";
import { decodeGoldenRows, openModelRegistry } from "@tollgate/model-registry";
import { silentLogger, systemClock } from "@tollgate/runtime";
import { expect, onTestFinished, test } from "vitest";
import { startApi } from "../support/start-api.ts";
import { testClock } from "../support/test-clock.ts";
import { askThroughTritonClient, openTritonClient } from "../support/triton-client.ts";

const models = new URL("../../../../packages/engagement-card-payments/models", import.meta.url).pathname;

const program = await openTritonClient();
const installed = program !== undefined;

test.runIf(installed)("tritonclient reads the metadata and infers, in JSON and in binary", async () => {
  const clock = systemClock();
  const registry = openModelRegistry(models);
  onTestFinished(() => registry.close());
  const { manifest, modelBytes } = await registry.resolve("card-payments@champion");
  const scoring = await loadModel({ modelBytes, manifest, clock, logger: silentLogger() });
  const columns = Int32Array.from({ length: manifest.input.size }, (_, column) => column);
  const slot = createModelSlot({ model: { ...scoring, manifest, columns }, clock });
  onTestFinished(() => slot.close());
  await using api = await startApi({ model: slot, clock: testClock(), beside: ["card-payments@v4"] });
  const golden = decodeGoldenRows(manifest);
  const { size } = manifest.input;
  const rows = Array.from({ length: 8 }, (_, row) => [
    ...golden.vectors.subarray(row * size, (row + 1) * size),
  ]);

  const answer = (await askThroughTritonClient(program ?? "", {
    address: `127.0.0.1:${api.port}`,
    key: api.key,
    model: manifest.name,
    rows,
  })) as { readonly json: readonly number[]; readonly binary: readonly number[] };

  const version = String(manifest.version);
  expect(answer).toMatchObject({
    live: true,
    ready: true,
    modelReady: true,
    server: { name: "tollgate", version: "2" },
    model: {
      name: manifest.name,
      versions: [version, "4"],
      inputs: [{ name: manifest.input.name, datatype: "FP32", shape: [-1, size] }],
    },
    index: [version, "4"].map((each) => ({ name: manifest.name, version: each, state: "READY" })),
    other: { name: manifest.name, versions: [version, "4"], inputs: [{ shape: [-1, 3] }] },
    otherReady: true,
    otherScores: [expect.closeTo(0.5)],
    statistics: { model_stats: [{ version, inference_count: 16, execution_count: 2 }] },
    refusal: { status: "404", message: expect.stringContaining("MODEL_NOT_LOADED") as unknown },
  });
  expect(answer.binary).toEqual(answer.json);
  for (const [row, score] of answer.binary.entries()) {
    expect(score).toBeCloseTo(manifest.goldenRows[row]?.probability ?? Number.NaN, 5);
  }
});
