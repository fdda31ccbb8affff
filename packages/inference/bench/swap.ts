import { setTimeout as pause } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import {
  deadlineIn,
  median,
  quantile,
  systemClock,
  type BenchOptions,
  type BenchResult,
} from "@tollgate/runtime";
import { createModelSlot, type ModelSlot, type Placement } from "../src/index.ts";
import { readChampion, type Champion } from "./champion.ts";
import { longestStall, measureReadStall } from "./read-stall.ts";

const callsPerSecond = 1_000;
const deadlineMs = 1_000;
/** A score further from its golden row is another row's, or another model's. */
const maxDifference = 1e-4;
const placements = ["in-thread", "worker", "auto"] as const;
/** The limit: a swap may double the slowest hundredth. */
const maxP99Ratio = 2;
/** While a new version is read the old one serves: the thread must come round this often. */
const maxReadStallMs = 5;
/** Eight times the committed champions' limit. */
const largeModelBytes = 16_777_216;
/** A swap keeps nothing; what the allocators hold on to at most. */
const maxGrowthMiB = 40;

interface Calls {
  readonly latenciesMs: readonly number[];
  readonly failed: number;
}

interface Swaps {
  readonly placement: string;
  readonly served: Placement;
  readonly before: Calls;
  readonly during: Calls;
  readonly swapMs: readonly number[];
  readonly growthMiB: number;
  /** Processor time that a swap without callers takes of the serving thread. */
  readonly threadMs: number;
  /** How long it holds that thread at a stretch. */
  readonly longestStallMs: number;
}

/**
 * Swaps the model a hundred times in a row while a thousand callers a second, with a row each, score at an
 * even pace whether the answers come or not. Latency counts from when a call was due: a held thread shows.
 */
export async function run({ quick }: BenchOptions): Promise<BenchResult> {
  const swaps = quick ? 10 : 100;
  const champion = await readChampion();
  const results: Swaps[] = [];
  for (const placement of placements) results.push(await swapUnderLoad(champion, placement, swaps));
  const figures: Record<string, number> = {};
  const rows = results.map((result) => {
    const ratio = quantile(result.during.latenciesMs, 0.99) / quantile(result.before.latenciesMs, 0.99);
    const suffix = result.placement === "auto" ? "" : result.placement === "worker" ? "Worker" : "InThread";
    figures[`failedCalls${suffix}`] = result.before.failed + result.during.failed;
    figures[`p99RatioDuringSwap${suffix}`] = Number(ratio.toFixed(2));
    figures[`residentGrowthMiB${suffix}`] = Number(result.growthMiB.toFixed(1));
    figures[`longestStallMs${suffix}`] = Number(result.longestStallMs.toFixed(1));
    figures[`servingThreadMsPerSwap${suffix}`] = Number(result.threadMs.toFixed(1));
    return rowOf(result, ratio);
  });
  const reads = quick ? 5 : 20;
  const stall = await measureReadStall(champion.manifest, { modelBytes: champion.bytes, reads });
  const large = await measureReadStall(champion.manifest, { modelBytes: largeModelBytes, reads });
  figures["longestReadStallMs"] = Number(stall.longestMs.toFixed(2));
  figures["longestReadStallMsLarge"] = Number(large.longestMs.toFixed(2));
  const reading = [stall, large].map(
    ({ modelMiB, longestMs, idleMs }) =>
      `${longestMs.toFixed(1)} ms for a model of ${modelMiB.toFixed(1)} MiB (idle ${idleMs.toFixed(1)})`,
  );
  const held = Math.max(stall.longestMs, large.longestMs) <= maxReadStallMs;
  const swapped = ["", "Worker"].every(
    (suffix) =>
      figures[`failedCalls${suffix}`] === 0 &&
      (figures[`p99RatioDuringSwap${suffix}`] ?? Number.NaN) <= maxP99Ratio &&
      (figures[`residentGrowthMiB${suffix}`] ?? Number.NaN) <= maxGrowthMiB,
  );
  return {
    table: {
      header: [
        "placement",
        "serves",
        "calls",
        "failed",
        "p50 before",
        "p50 in swaps",
        "p99 before",
        "p99 in swaps",
        "ratio",
        "ms a swap",
        "of the thread",
        "longest hold",
        "MiB kept",
      ],
      rows,
    },
    figures,
    passed: held && swapped,
    notes: [
      `reading, decrypting and verifying a version holds the serving thread at most ${reading.join(", ")}`,
      `${swaps} swaps in a row at ${callsPerSecond} calls/s; latencies in ms from the moment a call was due`,
      "in-thread verifies in the serving thread; auto verifies in a worker, then opens the session here",
    ],
  };
}

function rowOf(result: Swaps, ratio: number): readonly string[] {
  const { before, during } = result;
  return [
    result.placement,
    result.served,
    String(before.latenciesMs.length + during.latenciesMs.length),
    String(before.failed + during.failed),
    ...[0.5, 0.99].flatMap((share) => [
      quantile(before.latenciesMs, share).toFixed(2),
      quantile(during.latenciesMs, share).toFixed(2),
    ]),
    ratio.toFixed(2),
    median(result.swapMs).toFixed(0),
    result.threadMs.toFixed(1),
    result.longestStallMs.toFixed(1),
    result.growthMiB.toFixed(1),
  ];
}

async function swapUnderLoad(
  champion: Champion,
  placement: (typeof placements)[number],
  swaps: number,
): Promise<Swaps> {
  const clock = systemClock();
  const slot = createModelSlot({ model: await champion.load({ placement }), clock });
  // The first swaps bring in code and stacks that stay; they are not what a swap costs.
  const threadMs: number[] = [];
  const stallsMs: number[] = [];
  for (let count = 0; count < 5; count += 1) {
    const used = process.threadCpuUsage();
    await slot.swap(async () => champion.load({ placement }));
    const { user, system } = process.threadCpuUsage(used);
    threadMs.push((user + system) / 1000);
    // Apart from the figure above: watching every turn of the loop takes the thread's time.
    stallsMs.push(await longestStall(() => slot.swap(async () => champion.load({ placement }))));
  }
  const stopWarmUp = new AbortController();
  const warmUp = callAtPace(slot, champion, stopWarmUp.signal);
  await pause(1_000);
  stopWarmUp.abort();
  await warmUp;
  const residentBefore = residentMiB();
  const stopBefore = new AbortController();
  const calm = callAtPace(slot, champion, stopBefore.signal);
  await pause(3_000);
  stopBefore.abort();
  const before = await calm;
  const stopDuring = new AbortController();
  const busy = callAtPace(slot, champion, stopDuring.signal);
  const swapMs: number[] = [];
  for (let count = 0; count < swaps; count += 1) {
    const { loadMs, drainMs } = await slot.swap(async () => champion.load({ placement }));
    swapMs.push(loadMs + drainMs);
  }
  stopDuring.abort();
  const during = await busy;
  const growthMiB = residentMiB() - residentBefore;
  const served = slot.current.model.placement;
  await slot.close();
  const longestStallMs = median(stallsMs);
  return { placement, served, before, during, swapMs, growthMiB, threadMs: median(threadMs), longestStallMs };
}

/** After a collection: what the bench's own calls left behind is not what a swap keeps. */
function residentMiB(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  return process.memoryUsage.rss() / 2 ** 20;
}

/** Sends what is due whenever the event loop comes round, until it is stopped; then waits for the answers. */
async function callAtPace(slot: ModelSlot, champion: Champion, stop: AbortSignal): Promise<Calls> {
  const clock = systemClock();
  const { golden, manifest } = champion;
  const size = manifest.input.size;
  const latenciesMs: number[] = [];
  let sent = 0;
  let failed = 0;
  const startMs = performance.now();
  const call = async (number: number): Promise<void> => {
    const dueMs = startMs + (number * 1000) / callsPerSecond;
    const row = number % golden.rows;
    const vectors = golden.vectors.subarray(row * size, (row + 1) * size);
    try {
      const deadline = deadlineIn(clock, deadlineMs);
      const { scores } = await slot.predict(() => ({ vectors, rows: 1, deadline }));
      const difference = Math.abs((scores[0] ?? Number.NaN) - (golden.probabilities[row] ?? Number.NaN));
      if (!(difference < maxDifference)) failed += 1;
    } catch {
      failed += 1;
    }
    latenciesMs.push(performance.now() - dueMs);
  };
  while (!stop.aborted) {
    const due = ((performance.now() - startMs) * callsPerSecond) / 1000;
    for (; sent < due; sent += 1) void call(sent);
    await pause(1);
  }
  while (latenciesMs.length < sent) await pause(1);
  return { latenciesMs, failed };
}
