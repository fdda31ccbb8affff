import { silentLogger } from "@tollgate/runtime";
import { startRedisCluster, type RedisCluster } from "@tollgate/testkit";
import type { Cluster } from "ioredis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hashSlot } from "../src/hash-slot.ts";
import { connectRedis, emptyRow, redisFeatureStore, type FeatureStore } from "../src/index.ts";
import { commandsDuring, readsOf } from "./commands-during.ts";
import { documentedClusterRules, documentedRules } from "./documented-rules.ts";
import { expectLayoutsApart } from "./expect-layouts-apart.ts";
import { storeContract } from "./store-contract.ts";
import { card, shop, tap, versionIn, taps, type Tap } from "./taps.ts";

let cluster: RedisCluster;
let connection: Cluster;
let stores = 0;

beforeAll(async () => {
  cluster = await startRedisCluster();
  connection = (await connectRedis(cluster.urls, silentLogger())) as Cluster;
});

afterAll(async () => {
  connection.disconnect();
  await cluster.stop();
});

function freshStore(): FeatureStore<Tap> {
  stores += 1;
  const prefix = `store-${stores}:`;
  return redisFeatureStore<Tap>(connection, { prefix, entities: taps, idempotencySeconds: 60 });
}

for (const [guarantee, expectHolds] of Object.entries(storeContract)) {
  test(`Redis Cluster: ${guarantee}`, () => expectHolds(freshStore()));
}

test("Redis Cluster: two layouts share decisions and nothing else; each can be dropped", () =>
  expectLayoutsApart(connection, "layouts:"));

const nothingRead = Buffer.alloc(0);
const keys = Array.from({ length: 64 }, (_, number) => `c${number}`);

test("one URL is enough when it is said to be a cluster's", async () => {
  const [url = ""] = cluster.urls.split(",");
  const other = await connectRedis(url, silentLogger(), { cluster: true });
  const store = redisFeatureStore<Tap>(other, { prefix: "one:", entities: taps, idempotencySeconds: 60 });
  expect(await store.readGeneration()).toBe(1);
  other.disconnect();
});

test("the documented rights are enough for a cluster", async () => {
  for (const node of connection.nodes("master")) {
    await node.call("ACL", "SETUSER", "tollgate", ...documentedRules("secret"), ...documentedClusterRules());
  }
  const urls = cluster.urls.replaceAll("redis://", "redis://tollgate:secret@");
  const other = await connectRedis(urls, silentLogger());
  const expectHolds =
    storeContract["a generation that is no longer served can be dropped, the served one cannot"];
  await expectHolds?.(
    redisFeatureStore<Tap>(other, { prefix: "tollgate:", entities: taps, idempotencySeconds: 60 }),
  );
  other.disconnect();
});

test("a recall is one request to each node, and so is a remember", async () => {
  const store = freshStore();
  const writes = keys.map((key) => {
    const row = emptyRow(card);
    card.apply(row.state, tap(1));
    return { entity: card, key, expectedVersion: nothingRead, row, claims: [] };
  });
  await store.remember(writes, 1);
  const addresses = keys.flatMap((key) => [
    { entity: card, key },
    { entity: shop, key },
  ]);
  const nodes = connection.nodes("master");
  const trips = async (work: () => Promise<unknown>): Promise<readonly number[]> => {
    const before = await Promise.all(nodes.map(readsOf));
    await work();
    const after = await Promise.all(nodes.map(readsOf));
    // The first look at the figures is counted by the second.
    return nodes.map((_node, position) => (after[position] ?? 0) - (before[position] ?? 0) - 1);
  };
  expect(await trips(() => store.recall(addresses, []))).toEqual([1, 1, 1]);
  expect(await trips(() => store.remember(writes, 1))).toEqual([1, 1, 1]);
  const commands = await Promise.all(
    nodes.map(async (node) => commandsDuring(node, () => store.recall(addresses, []))),
  );
  expect(commands.every((counts) => Object.keys(counts).join() === "get")).toBe(true);
});

test("reads and writes follow a slot that moves to another node", async () => {
  const store = freshStore();
  const slot = hashSlot("{c1}");
  const owner = connection.slots[slot]?.[0] ?? "";
  const target = cluster.nodes.find((node) => !owner.endsWith(`:${node.port}`));
  if (target === undefined) throw new Error("no other node");
  for (let count = 1; count <= 3; count += 1) {
    if (count === 2) await cluster.moveSlot(slot, target);
    const recalled = await store.recall(
      keys.map((key) => ({ entity: card, key })),
      [],
    );
    expect(versionIn(recalled.states[1]?.row)).toBe(count - 1);
    const writes = recalled.states.map(({ row, versionBytes }, position) => {
      const counted = row ?? emptyRow(card);
      card.apply(counted.state, tap(count));
      const key = keys[position] ?? "";
      return { entity: card, key, expectedVersion: versionBytes, row: counted, claims: [] };
    });
    expect(new Set(await store.remember(writes, recalled.generation))).toEqual(new Set([true]));
  }
});

test("slots are computed as Redis does", async () => {
  for (const key of [
    "",
    "123456789",
    "{card}:1",
    "a{}b",
    "x{y}z{w}",
    "{{odd}}",
    "größe:{café}",
    "open{only",
  ]) {
    expect([key, hashSlot(key)]).toEqual([key, await connection.cluster("KEYSLOT", key)]);
  }
});
