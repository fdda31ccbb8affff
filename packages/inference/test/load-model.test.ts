import { silentLogger, systemClock } from "@tollgate/runtime";
import { expect, test } from "vitest";
import { loadModel } from "../src/index.ts";
import { loadTinyModel, tinyManifest, tinyScore, tinyWeights } from "./support/load-tiny-model.ts";
import { tinyOnnxModel } from "./support/tiny-onnx-model.ts";

test("a loaded model scores each row, whatever lies around the vectors in memory", async () => {
  const model = await loadTinyModel();
  const memory = Float32Array.of(9, 9, 1, 2, 3, -1, 0, 0.5, 9);
  const scores = await model.score(memory.subarray(2, 8), 2);
  expect(scores).toHaveLength(2);
  expect(scores[0]).toBeCloseTo(tinyScore([1, 2, 3]), 6);
  expect(scores[1]).toBeCloseTo(tinyScore([-1, 0, 0.5]), 6);
  await model.close();
});

test("a loaded model knows what it is and what a batch costs", async () => {
  const model = await loadTinyModel({ version: 4 });
  expect(model.reference).toMatchObject({ name: "tiny", version: 4 });
  expect(model.thresholds).toEqual({ review: 0.5, decline: 0.9 });
  expect(model.cost.fixedMicros + model.cost.perRowMicros).toBeGreaterThan(0);
  await model.close();
});

test("a model that scores a golden row differently is refused with the difference", async () => {
  const [golden] = tinyManifest(tinyOnnxModel(tinyWeights)).goldenRows;
  const goldenRows = [{ vector: golden?.vector ?? "", probability: 0.5001 }];
  await expect(loadTinyModel({ goldenRows })).rejects.toMatchObject({
    code: "GOLDEN_ROWS_DIFFER",
    message: expect.stringMatching(/golden row 0 scores 0\.5, .* a difference of 0\.0001/u) as unknown,
  });
});

test("a file that is not ONNX is refused", async () => {
  const modelBytes = new TextEncoder().encode("not a model");
  const options = { modelBytes, manifest: tinyManifest(modelBytes), clock: systemClock() };
  await expect(loadModel({ ...options, logger: silentLogger() })).rejects.toMatchObject({
    code: "MODEL_UNUSABLE",
  });
});

test("a model with another output is refused with both names", async () => {
  const modelBytes = tinyOnnxModel(tinyWeights, "logits_of_fraud");
  const options = { modelBytes, manifest: tinyManifest(modelBytes), clock: systemClock() };
  await expect(loadModel({ ...options, logger: silentLogger() })).rejects.toThrow(
    'the output "probabilities" only; the file has (features) and (logits_of_fraud)',
  );
});

test("too few values for the rows are refused before the runtime sees them", async () => {
  const model = await loadTinyModel();
  await expect(model.score(new Float32Array(5), 2)).rejects.toMatchObject({ code: "INPUT_SIZE" });
  await model.close();
});

test("a closed model refuses to score, and may be closed again", async () => {
  const model = await loadTinyModel();
  await model.close();
  await model.close();
  await expect(model.score(new Float32Array(3), 1)).rejects.toMatchObject({ code: "BACKEND" });
});
