import { expect, test } from "vitest";
import { heldSlot } from "../support/held-slot.ts";
import { startApi, type RunningApi } from "../support/start-api.ts";
import { testClock } from "../support/test-clock.ts";

const path = "/v2/models/card-payments/infer";

function rowsOf(count: number): { inputs: readonly object[] } {
  const data = Array.from({ length: count * 3 }, () => 0.1);
  return { inputs: [{ name: "features", shape: [count, 3], datatype: "FP32", data }] };
}

interface Statistics {
  readonly inference_count: number;
  readonly execution_count: number;
  readonly inference_stats: Readonly<Record<string, Duration>>;
  readonly batch_stats: readonly object[];
}

interface Duration {
  readonly count: number;
  readonly ns: number;
}

async function statisticsOf(api: RunningApi, where = "/v2/models/stats"): Promise<Statistics> {
  const { model_stats: all } = (await (await api.get(where)).json()) as { model_stats: Statistics[] };
  expect(all.length).toBe(1);
  if (all[0] === undefined) throw new Error("no statistics");
  return all[0];
}

test("statistics count requests, rows and failures of the version", async () => {
  await using api = await startApi({ clock: testClock() });
  await api.postJson(path, rowsOf(2));
  await api.postJson(path, rowsOf(2));
  await api.postJson(path, {});
  for (const where of [
    "/v2/models/stats",
    "/v2/models/card-payments/stats",
    "/v2/models/card-payments/versions/3/stats",
  ]) {
    const { inference_count, execution_count, inference_stats } = await statisticsOf(api, where);
    expect([inference_count, execution_count]).toEqual([4, 2]);
    expect([inference_stats["success"]?.count, inference_stats["fail"]?.count]).toEqual([2, 1]);
    for (const stage of ["queue", "compute_input", "compute_infer", "compute_output"]) {
      expect([stage, inference_stats[stage]?.count]).toEqual([stage, 2]);
    }
  }
});

test("waiting for the model, its work and its batches are told apart", async () => {
  const clock = testClock();
  const { slot, running, release } = heldSlot({ clock, runMs: 2 });
  await using api = await startApi({ clock, model: slot });
  const first = api.postJson(path, rowsOf(1));
  await running;
  const others = [api.postJson(path, rowsOf(1)), api.postJson(path, rowsOf(2))];
  await expect.poll(() => slot.current.batcher.queuedRows).toBe(3);
  clock.advanceMs(5);
  release();
  for (const response of await Promise.all([first, ...others])) expect(response.status).toBe(200);

  const statistics = await statisticsOf(api);
  expect(statistics).toMatchObject({ inference_count: 4, execution_count: 2 });
  const milliseconds = Object.entries(statistics.inference_stats).map(([name, { count, ns }]) => {
    return [name, count, ns / 1e6];
  });
  expect(milliseconds).toEqual([
    ["success", 3, 5 + 7 + 7],
    ["fail", 0, 0],
    ["queue", 3, 0 + 5 + 5],
    ["compute_input", 3, 0],
    ["compute_infer", 3, 5 + 2 + 2],
    ["compute_output", 3, 0],
    ["cache_hit", 0, 0],
    ["cache_miss", 0, 0],
  ]);
  const none = { count: 0, ns: 0 };
  expect(statistics.batch_stats).toEqual([
    { batch_size: 1, compute_input: none, compute_infer: { count: 1, ns: 5e6 }, compute_output: none },
    { batch_size: 3, compute_input: none, compute_infer: { count: 1, ns: 2e6 }, compute_output: none },
  ]);
});

test("rows of a request that is spread over batches count once, each of its batches too", async () => {
  await using api = await startApi({ clock: testClock() });
  expect((await api.postJson(path, rowsOf(300))).status).toBe(200);
  const { inference_count, execution_count, batch_stats } = await statisticsOf(api);
  expect([inference_count, execution_count]).toEqual([300, 2]);
  expect(batch_stats).toMatchObject([{ batch_size: 44 }, { batch_size: 256 }]);
});
