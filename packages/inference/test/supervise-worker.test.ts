import { decodeGoldenRows } from "@tollgate/model-registry";
import { systemClock } from "@tollgate/runtime";
import { until } from "@tollgate/testkit";
import { expect, onTestFinished, test } from "vitest";
import { modelLimits, placementLimits, type PlacementLimits, type WorkerDeath } from "../src/index.ts";
import { openWorker, type ScoringWorker } from "../src/open-worker.ts";
import { superviseWorker, type SupervisedWorker } from "../src/supervise-worker.ts";
import { committedChampion } from "./support/committed-champion.ts";
import { workerTests } from "./support/worker-tests.ts";

const { manifest, modelBytes } = await committedChampion();
const shared = new Uint8Array(new SharedArrayBuffer(modelBytes.byteLength));
shared.set(modelBytes);
const golden = decodeGoldenRows(manifest);
const size = manifest.input.size;
const fullBatch = new Float32Array(placementLimits.batchRows * size);

async function supervised(changes: Partial<PlacementLimits> = {}): Promise<{
  model: SupervisedWorker;
  workers: ScoringWorker[];
  deaths: WorkerDeath[];
}> {
  const limits = { ...placementLimits, ...changes };
  const workers: ScoringWorker[] = [];
  const deaths: WorkerDeath[] = [];
  const start = async (): Promise<ScoringWorker> => {
    const worker = await openWorker({
      manifest,
      golden,
      modelBytes: shared,
      accelerator: "cpu",
      modelLimits,
      limits,
      deviceFailed: () => {},
    });
    workers.push(worker);
    return worker;
  };
  const died = (death: WorkerDeath): void => void deaths.push(death);
  const model = superviseWorker(await start(), { start, limits, clock: systemClock(), died });
  onTestFinished(async () => model.close());
  return { model, workers, deaths };
}

test(
  "callers of a worker that dies get BACKEND at once, and the next worker serves",
  workerTests,
  async () => {
    const { model, workers, deaths } = await supervised();
    const worker = workers[0];
    await worker?.thread.terminate();
    const codes = await Promise.all(
      Array.from({ length: 6 }, async () =>
        model.score(fullBatch, 1).catch((error: unknown) => codeOf(error)),
      ),
    );
    expect(new Set(codes)).toEqual(new Set(["BACKEND"]));
    expect(deaths).toEqual([{ reason: "the worker ended", restarted: true }]);
    await until(() => workers.length === 2, { describe: "the second worker" });
    await until(async () => (await model.score(fullBatch, 1)).length === 1, { describe: "a score of it" });
  },
);

test(
  "a worker that takes too long for a run is replaced, and nobody who waits for it hangs",
  workerTests,
  async () => {
    const { model, deaths } = await supervised({ workerRunMs: 1, batchRows: 16_384 });
    const vectors = new Float32Array(16_384 * size);
    const waiting = Array.from({ length: 5 }, async () => model.score(vectors, 16_384));
    for (const result of await Promise.allSettled(waiting)) {
      expect(result).toMatchObject({ reason: { code: "BACKEND" } });
    }
    expect(deaths[0]).toEqual({ reason: "a run took more than 1 ms", restarted: true });
  },
);

test(
  "workers that die one after the other are replaced so often and no more within the window",
  workerTests,
  async () => {
    const { model, workers, deaths } = await supervised({ workerRestarts: 2 });
    for (let count = 1; count <= 3; count += 1) {
      await until(() => workers.length === count, { describe: `worker ${count}` });
      await workers[count - 1]?.thread.terminate();
      await until(() => deaths.length === count, { describe: `death ${count}` });
    }
    expect(deaths.map(({ restarted }) => restarted)).toEqual([true, true, false]);
    await expect(model.score(fullBatch, 1)).rejects.toMatchObject({ code: "BACKEND" });
  },
);

test("after the window a model that went down is tried again", workerTests, async () => {
  const { model, workers, deaths } = await supervised({ workerRestarts: 0, workerRestartWindowMs: 1 });
  await workers[0]?.thread.terminate();
  await until(() => deaths.length === 1, { describe: "its death" });
  await until(async () => (await model.score(fullBatch, 1)).length === 1, { describe: "a score" });
  expect(workers.length).toBe(2);
});

test("a worker whose model cannot be opened says why", workerTests, async () => {
  const broken = new Uint8Array(new SharedArrayBuffer(8));
  const opening = openWorker({
    manifest,
    golden,
    modelBytes: broken,
    accelerator: "cpu",
    modelLimits,
    limits: placementLimits,
    deviceFailed: () => {},
  });
  await expect(opening).rejects.toMatchObject({ code: "MODEL_UNUSABLE" });
});

function codeOf(reason: unknown): string {
  return (reason as { code: string }).code;
}
