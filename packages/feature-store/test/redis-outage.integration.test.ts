import { silentLogger } from "@tollgate/runtime";
import { startOwnRedis, until, type OwnRedis } from "@tollgate/testkit";
import { expect, onTestFinished, test } from "vitest";
import {
  connectRedis,
  redisFeatureStore,
  storeLimits,
  type CircuitState,
  type FeatureStore,
} from "../src/index.ts";
import { card, taps, type Tap } from "./taps.ts";

interface Opened {
  readonly server: OwnRedis;
  readonly store: FeatureStore<Tap>;
  readonly states: CircuitState[];
}

async function open(): Promise<Opened> {
  const server = await startOwnRedis();
  const connection = await connectRedis(server.url, silentLogger());
  onTestFinished(async () => {
    connection.disconnect();
    server.goOn();
    await server.stop();
  });
  const states: CircuitState[] = [];
  const store = redisFeatureStore<Tap>(connection, {
    prefix: "out:",
    entities: taps,
    idempotencySeconds: 60,
    observer: {
      rowRefused: () => {},
      generationChanged: () => {},
      circuitChanged: (state) => states.push(state),
    },
  });
  return { server, store, states };
}

const address = { entity: card, key: "c1" };

async function failedAfterMs(store: FeatureStore<Tap>): Promise<number> {
  const startMs = performance.now();
  await expect(store.recall([address], [])).rejects.toThrow(/./u);
  return performance.now() - startMs;
}

test("a Redis that hangs costs its timeout a few times; until it is back calls fail at once", async () => {
  const { server, store, states } = await open();
  await store.recall([address], []);
  server.halt();
  const first = await Promise.all(
    Array.from({ length: storeLimits.failuresToOpen }, async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return failedAfterMs(store);
    }),
  );
  expect(Math.max(...first)).toBeGreaterThan(storeLimits.commandTimeoutMs - 50);
  await until(
    async () => {
      if (states.length === 0) await failedAfterMs(store);
      return states[0] === "open";
    },
    { describe: "the circuit to open" },
  );
  expect(await failedAfterMs(store)).toBeLessThan(50);
  server.goOn();
  await until(() => store.recall([address], []), { describe: "Redis to be used again" });
  expect(states.at(-1)).toBe("closed");
  expect(states).toContain("half-open");
});

test("while one call tries whether Redis is back, the others do not wait for it", async () => {
  const { server, store, states } = await open();
  server.halt();
  await until(
    async () => {
      await failedAfterMs(store);
      return states.includes("open");
    },
    { describe: "the circuit to open" },
  );
  const waited = await until(
    async () => {
      const trying = store.ping().catch(() => {});
      if (states.at(-1) !== "half-open") return false;
      const waitedMs = await failedAfterMs(store);
      await trying;
      return waitedMs < 50 ? waitedMs : undefined;
    },
    { describe: "a call beside the one that tries" },
  );
  expect(waited).toBeLessThan(50);
});

test("a Redis that comes back empty is served: what it knew is unknown", async () => {
  const { server, store } = await open();
  const row = { state: card.empty(), nextOffsets: [], nextLabelSequence: 0 };
  const write = { ...address, expectedVersion: Buffer.alloc(0), row, claims: [] };
  expect(await store.remember([write], 1)).toEqual([true]);
  await server.kill();
  await failedAfterMs(store);
  await server.restart();
  const recalled = await until(() => store.recall([address], []), { describe: "Redis to be back" });
  expect([recalled.generation, recalled.states[0]?.row]).toEqual([1, null]);
  // Reads have a connection of their own, which may be back a moment before the one that writes.
  const written = await until(() => store.remember([write], 1), { describe: "writes to be back" });
  expect(written).toEqual([true]);
});

test("a Redis that is not there is named at start, without its password", async () => {
  const refused = connectRedis("redis://user:secret@127.0.0.1:1", silentLogger());
  await expect(refused).rejects.toThrow(
    /Redis at redis:\/\/\*\*\*@127\.0\.0\.1:1 does not answer \(.*ECONNREFUSED/u,
  );
  const nodes = "redis://user:secret@127.0.0.1:1,redis://user:secret@127.0.0.1:2";
  const refusedCluster = connectRedis(nodes, silentLogger());
  await expect(refusedCluster).rejects.toThrow(/Redis at redis:\/\/\*\*\*@127\.0\.0\.1:1,redis:\/\/\*\*\*@/u);
});
