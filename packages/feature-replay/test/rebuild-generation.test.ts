import { memoryFeatureStore } from "@tollgate/feature-store";
import { printSeed, seededRandom } from "@tollgate/testkit";
import { expect, test } from "vitest";
import { replaySimulated } from "../bench/replay-simulated.ts";
import { runSimulatedWay } from "../bench/simulated-way.ts";
import { ReplayError } from "../src/index.ts";
import { rebuildInMemory, rowsOf } from "./rows.ts";
import { addedFeatures, compiledShop, shopStartMs, type Sale } from "./shop-engagement.ts";

const compiled = compiledShop();
const transactions = 1_200;

function simulation(seed: number) {
  return { compiled, seed, transactions, customers: 30, startMs: shopStartMs };
}

test("a rebuilt generation equals the live one bit for bit, in less memory than the states", async () => {
  const random = seededRandom();
  printSeed(random);
  const { log, store } = await runSimulatedWay(simulation(random.seed));
  const result = await rebuildInMemory(compiled, store, log, { cachedStates: 8 });
  expect(result).toMatchObject({ from: 1, to: 2, unreadable: 0 });
  expect(await store.readGeneration()).toBe(2);
  const live = await rowsOf(compiled, store.inGeneration(1), log);
  expect(await rowsOf(compiled, store.inGeneration(2), log)).toEqual(live);
  expect(log.labels.length).toBeGreaterThan(20);
});

test("scored through a rebuild and the switch, every vector comes out of the log again", async () => {
  const random = seededRandom();
  printSeed(random);
  const store = memoryFeatureStore<Sale>();
  let rebuilt: Promise<unknown> | undefined;
  const way = simulation(random.seed);
  const { log } = await runSimulatedWay({
    ...way,
    store,
    between: async (sent, current) => {
      if (sent > transactions / 2) rebuilt ??= rebuildInMemory(compiled, store, current);
    },
  });
  await rebuilt;
  expect(await store.readGeneration()).toBe(2);
  const generations = new Set(log.partitions.flat().map(({ generation }) => generation));
  // With most seeds some trip to the store fails besides: what it scored is of no generation, 0.
  expect(new Set([...generations, 0])).toEqual(new Set([0, 1, 2]));
  const report = await replaySimulated(compiled, log);
  expect(report).toMatchObject({ differing: 0, features: [] });
  expect(report.notReplayable["state-not-in-log"]).toBe(0);
  const afterwards = await rebuildInMemory(compiled, store, log);
  const live = await rowsOf(compiled, store.inGeneration(2), log);
  expect(await rowsOf(compiled, store.inGeneration(afterwards.to), log)).toEqual(live);
});

test("a rebuild that was broken off leaves nothing that the next one counts", async () => {
  const { log, store } = await runSimulatedWay(simulation(5));
  let records = 0;
  const broken = rebuildInMemory(compiled, store, log, {
    cachedStates: 8,
    observer: {
      step: () => {},
      progress: (applied) => {
        records = applied;
        if (applied > transactions / 2) throw new Error("killed");
      },
    },
  });
  await expect(broken).rejects.toThrow("killed");
  expect(records).toBeGreaterThan(0);
  expect(await store.readGeneration()).toBe(1);
  await rebuildInMemory(compiled, store, log);
  const live = await rowsOf(compiled, store.inGeneration(1), log);
  expect(await rowsOf(compiled, store.inGeneration(2), log)).toEqual(live);
});

test("a rebuild whose generation another process writes says so and switches nothing", async () => {
  const { log, store } = await runSimulatedWay(simulation(6));
  const meddled = rebuildInMemory(compiled, store, log, {
    cachedStates: 8,
    observer: {
      step: (text) => {
        if (!text.startsWith("building")) return;
        void rebuildInMemory(compiled, store.inGeneration(1), log).catch(() => undefined);
      },
      progress: () => {},
    },
  });
  await expect(meddled).rejects.toThrow(ReplayError);
});

test("a repeated transaction is recognised after the switch, as before it", async () => {
  const { log, store } = await runSimulatedWay(simulation(7));
  const nowMs = Date.parse(log.partitions[0]?.at(-1)?.decidedAt ?? "");
  const clock = { nowMs: () => nowMs, monotonicMicros: () => performance.now() * 1_000 };
  await rebuildInMemory(compiled, store, log, { clock });
  const recent = log.partitions.flat().filter(({ decidedAt }) => Date.parse(decidedAt) >= nowMs - 600_000);
  const { claims } = await store.recall(
    [],
    recent.map(({ partitionKey, transactionId }) => ({ key: partitionKey, transactionId })),
  );
  expect(recent.length).toBeGreaterThan(2);
  expect(claims).not.toContain(null);
  const vectors = claims.map((claim) =>
    Buffer.from(new Uint8Array((claim?.vector ?? new Float32Array()).buffer)),
  );
  expect(vectors.map((vector) => vector.toString("base64"))).toEqual(recent.map(({ vector }) => vector));
});

test("an added feature is backfilled by a rebuild and by the export while the old set serves", async () => {
  const { log, store } = await runSimulatedWay(simulation(8));
  const evolved = compiledShop(addedFeatures());
  const before = await rowsOf(compiled, store.inGeneration(1), log);
  const result = await rebuildInMemory(evolved, store, log, { graceMs: undefined });
  expect(await rowsOf(compiled, store.inGeneration(1), log)).toEqual(before);
  const rebuilt = await rowsOf(evolved, store.inGeneration(result.to), log);
  expect([...rebuilt.values()].filter((row) => row.startsWith("none"))).toEqual([]);
  const report = await replaySimulated(evolved, log);
  const total = log.partitions.flat().length;
  expect(report).toMatchObject({ decisions: total, compared: 0, notReplayable: { "state-not-in-log": 0 } });
});
