import { silentLogger } from "@tollgate/runtime";
import { serviceTest } from "@tollgate/testkit";
import { expect } from "vitest";
import {
  connectRedis,
  layoutDigest,
  redisFeatureStore,
  type FeatureStore,
  type StoreObserver,
} from "../src/index.ts";
import { commandsDuring } from "./commands-during.ts";
import { expectLayoutsApart } from "./expect-layouts-apart.ts";
import { storeContract } from "./store-contract.ts";
import { card, shop, tap, versionIn, taps, type Tap } from "./taps.ts";

const nothingRead = Buffer.alloc(0);

interface Redis {
  readonly redisUrl: string;
  readonly prefix: string;
}

async function withStore(
  redis: Redis,
  use: (store: FeatureStore<Tap>) => Promise<void>,
  observer?: StoreObserver,
): Promise<void> {
  const connection = await connectRedis(redis.redisUrl, silentLogger());
  const told = observer === undefined ? {} : { observer };
  await use(
    redisFeatureStore<Tap>(connection, {
      prefix: redis.prefix,
      entities: taps,
      idempotencySeconds: 60,
      ...told,
    }),
  );
  connection.disconnect();
}

for (const [guarantee, expectHolds] of Object.entries(storeContract)) {
  serviceTest(`Redis: ${guarantee}`, async ({ redisUrl, prefix, redis }) => {
    await redis.ping();
    await withStore({ redisUrl, prefix }, expectHolds);
  });
}

serviceTest("a recall of many entities and claims is one command", async ({ redisUrl, prefix, redis }) => {
  await withStore({ redisUrl, prefix }, async (store) => {
    const keys = Array.from({ length: 256 }, (_, number) => String(number));
    const states = keys.flatMap((key) => [
      { entity: card, key },
      { entity: shop, key },
    ]);
    const claims = keys.map((key) => ({ key, transactionId: key }));
    await store.ping();
    const commands = await commandsDuring(redis, () => store.recall(states, claims));
    expect(commands).toEqual({ mget: 1 });
  });
});

serviceTest(
  "two layouts share decisions and nothing else; each can be dropped",
  async ({ redisUrl, prefix, redis }) => {
    await redis.ping();
    const connection = await connectRedis(redisUrl, silentLogger());
    await expectLayoutsApart(connection, prefix);
    connection.disconnect();
  },
);

serviceTest("recalls that come together share one command", async ({ redisUrl, prefix, redis }) => {
  await withStore({ redisUrl, prefix }, async (store) => {
    const keys = Array.from({ length: 64 }, (_, number) => String(number));
    await store.ping();
    const commands = await commandsDuring(redis, () =>
      Promise.all(keys.map((key) => store.recall([{ entity: card, key }], []))),
    );
    expect(commands).toEqual({ mget: 1 });
  });
});

serviceTest("64 rows are remembered by one command", async ({ redisUrl, prefix, redis }) => {
  await withStore({ redisUrl, prefix }, async (store) => {
    const write = (key: string): Parameters<typeof store.remember>[0][number] => {
      const row = { state: card.empty(), nextOffsets: [], nextLabelSequence: 0 };
      const claim = { claimedAtMs: 0, vector: Float32Array.of(1), statesRead: [], featureSet: "f" };
      const claims = [{ transactionId: key, claim }];
      return { entity: card, key, expectedVersion: nothingRead, row, claims };
    };
    await store.remember([write("first")], 1);
    const writes = Array.from({ length: 64 }, (_, number) => write(String(number)));
    const { evalsha, set, getrange } = await commandsDuring(redis, () => store.remember(writes, 1));
    expect({ evalsha, set, getrange }).toEqual({ evalsha: 1, set: 128, getrange: 64 });
  });
});

serviceTest("a switch of generation costs a second command, once", async ({ redisUrl, prefix, redis }) => {
  const generations: number[] = [];
  const observer: StoreObserver = {
    rowRefused: () => {},
    circuitChanged: () => {},
    generationChanged: (generation) => generations.push(generation),
  };
  const use = async (store: FeatureStore<Tap>): Promise<void> => {
    await withStore({ redisUrl, prefix }, async (other) => {
      expect(await other.switchGeneration({ from: 1, to: 2 })).toBe(true);
    });
    const recall = (): ReturnType<typeof store.recall> => store.recall([{ entity: card, key: "c1" }], []);
    expect(await commandsDuring(redis, recall)).toEqual({ mget: 2 });
    expect(await commandsDuring(redis, recall)).toEqual({ mget: 1 });
    expect(generations).toEqual([2]);
  };
  await withStore({ redisUrl, prefix }, use, observer);
});

serviceTest(
  "a damaged or foreign row is refused, told of, and replaced by the next write",
  async ({ redisUrl, prefix, redis }) => {
    const refused: string[] = [];
    const observer: StoreObserver = {
      rowRefused: ({ entity, reason }) => refused.push(`${entity}: ${reason}`),
      circuitChanged: () => {},
      generationChanged: () => {},
    };
    const use = async (store: FeatureStore<Tap>): Promise<void> => {
      const key = `${prefix}${layoutDigest(taps)}:g1:state:card:{c1}`;
      const countOn = async (): Promise<number> => {
        const recalled = await store.recall([{ entity: card, key: "c1" }], []);
        const row = recalled.states[0]?.row ?? {
          state: card.empty(),
          nextOffsets: [],
          nextLabelSequence: 0,
        };
        card.apply(row.state, tap(1));
        const expectedVersion = recalled.states[0]?.versionBytes ?? nothingRead;
        const write = { entity: card, key: "c1", expectedVersion, row, claims: [] };
        expect(await store.remember([write], recalled.generation)).toEqual([true]);
        return versionIn(row);
      };
      expect([await countOn(), await countOn()]).toEqual([1, 2]);
      const good = (await redis.getBuffer(key)) ?? nothingRead;
      const spoilt = Buffer.from(good);
      spoilt.writeUInt8((good.at(-1) ?? 0) ^ 0xff, good.length - 1);
      for (const bad of [spoilt, Buffer.from("not ours at all"), Buffer.alloc(0), good.subarray(0, 20)]) {
        await redis.set(key, bad);
        expect(await countOn()).toBe(1);
      }
      await redis.del(key);
      await redis.hset(key, "another", "type");
      expect([await countOn(), await countOn()]).toEqual([1, 2]);
      expect(refused).toEqual(["card: checksum", "card: length", "card: length", "card: length"]);
    };
    await withStore({ redisUrl, prefix }, use, observer);
  },
);

serviceTest("states, claims and decisions expire by themselves", async ({ redisUrl, prefix, redis }) => {
  await withStore({ redisUrl, prefix }, async (store) => {
    const row = { state: card.empty(), nextOffsets: [], nextLabelSequence: 0 };
    const claim = { claimedAtMs: 0, vector: Float32Array.of(1), statesRead: [], featureSet: "f" };
    const claims = [{ transactionId: "t1", claim }];
    await store.remember([{ entity: card, key: "c1", expectedVersion: nothingRead, row, claims }], 1);
    await store.writeDecisions([{ transactionId: "t1", partitionKey: "c1", place: "logged", answer: "{}" }]);
    expect(await redis.ttl(`${prefix}${layoutDigest(taps)}:g1:state:card:{c1}`)).toBeGreaterThan(86_000);
    expect(await redis.ttl(`${prefix}${layoutDigest(taps)}:g1:claim:{c1}:t1`)).toBeGreaterThan(86_000);
    expect(await redis.ttl(`${prefix}decision:t1`)).toBeLessThanOrEqual(60);
    await store.confirmLogged([{ key: "c1", transactionId: "t1" }]);
    expect(await redis.ttl(`${prefix}${layoutDigest(taps)}:g1:claim:{c1}:t1`)).toBeLessThanOrEqual(60);
  });
});
