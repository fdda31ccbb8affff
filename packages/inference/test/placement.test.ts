import { decodeGoldenRows } from "@tollgate/model-registry";
import { silentLogger, systemClock } from "@tollgate/runtime";
import { expect, onTestFinished, test } from "vitest";
import { loadModel, placementLimits, type LoadModelOptions, type ScoringModel } from "../src/index.ts";
import { committedChampion } from "./support/committed-champion.ts";
import { loadTinyModel } from "./support/load-tiny-model.ts";
import { workerTests } from "./support/worker-tests.ts";

const { manifest, modelBytes } = await committedChampion();
const golden = decodeGoldenRows(manifest);

async function load(options: Partial<LoadModelOptions>): Promise<ScoringModel> {
  const common = { modelBytes, manifest, clock: systemClock(), logger: silentLogger() };
  const model = await loadModel({ ...common, ...options });
  onTestFinished(async () => model.close());
  return model;
}

test("a worker scores the golden rows bit for bit as this thread does", workerTests, async () => {
  const here = await load({ placement: "in-thread" });
  const there = await load({ placement: "worker" });
  expect([here.placement, there.placement]).toEqual(["in-thread", "worker"]);
  const scores = await there.score(golden.vectors, golden.rows);
  expect(scores).toEqual(await here.score(golden.vectors, golden.rows));
});

test("calls that are on together in a worker get each its own answer", workerTests, async () => {
  const model = await load({ placement: "worker" });
  const size = model.inputSize;
  const expected = await model.score(golden.vectors, golden.rows);
  const calls = Array.from({ length: 40 }, async (_, call) => {
    const row = call % golden.rows;
    const [score] = await model.score(golden.vectors.slice(row * size, (row + 1) * size), 1);
    expect(score).toBeCloseTo(expected[row] ?? Number.NaN, 6);
  });
  await Promise.all(calls);
});

test("more rows than a slot holds are scored in several", workerTests, async () => {
  const limits = { ...placementLimits, batchRows: 7 };
  const model = await load({ placement: "worker", placementLimits: limits });
  const here = await load({ placement: "in-thread" });
  const scores = await model.score(golden.vectors, golden.rows);
  expect(scores).toEqual(await here.score(golden.vectors, golden.rows));
});

test(
  "a model that would hold a thread too long stays in a worker, a cheaper one comes here",
  workerTests,
  async () => {
    const costly = await load({
      placement: "auto",
      placementLimits: { ...placementLimits, inThreadBatchMicros: 0 },
    });
    expect(costly.placement).toBe("worker");
    const slowToOpen = await load({
      placement: "auto",
      placementLimits: { ...placementLimits, inThreadOpenMs: 0 },
    });
    expect(slowToOpen.placement).toBe("worker");
    const unbounded = { inThreadBatchMicros: Number.MAX_VALUE, inThreadOpenMs: Number.MAX_VALUE };
    const cheap = await load({ placement: "auto", placementLimits: { ...placementLimits, ...unbounded } });
    expect(cheap.placement).toBe("in-thread");
    expect(cheap.cost.perRowMicros).toBeGreaterThan(0);
  },
);

test(
  "a worker refuses a model that scores a golden row differently, and too few values",
  workerTests,
  async () => {
    const [row] = manifest.goldenRows;
    const goldenRows = [{ vector: row?.vector ?? "", probability: 0.987 }];
    const wrong = load({ placement: "worker", manifest: { ...manifest, goldenRows } });
    await expect(wrong).rejects.toMatchObject({
      code: "GOLDEN_ROWS_DIFFER",
      message: expect.stringMatching(/^GOLDEN_ROWS_DIFFER: [^:]*: golden row 0 scores/u) as unknown,
    });
    const model = await load({ placement: "worker" });
    await expect(model.score(new Float32Array(3), 1)).rejects.toMatchObject({ code: "INPUT_SIZE" });
  },
);

test("a closed worker refuses to score, and may be closed again", workerTests, async () => {
  const model = await loadTinyModel({}, { placement: "worker" });
  await model.close();
  await model.close();
  await expect(model.score(new Float32Array(3), 1)).rejects.toMatchObject({ code: "BACKEND" });
});
