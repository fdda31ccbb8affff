import { silentLogger } from "@tollgate/runtime";
import { serviceTest } from "@tollgate/testkit";
import { expect, test } from "vitest";
import { connectRedis, redisFeatureStore } from "../src/index.ts";
import { card, storeContract, shop, tap, type Tap } from "./store-contract.ts";

for (const [guarantee, expectHolds] of Object.entries(storeContract)) {
  serviceTest(`Redis: ${guarantee}`, async ({ redisUrl, prefix, redis }) => {
    await redis.ping();
    const connection = await connectRedis(redisUrl, silentLogger());
    await expectHolds(redisFeatureStore<Tap>(connection, { prefix, idempotencySeconds: 60 }));
    connection.disconnect();
  });
}

serviceTest("a recall of many entities is one command", async ({ redisUrl, prefix, redis }) => {
  const connection = await connectRedis(redisUrl, silentLogger());
  const store = redisFeatureStore<Tap>(connection, { prefix, idempotencySeconds: 60 });
  const before = await commandsProcessed(redis);
  const keys = Array.from({ length: 20 }, (_, number) => String(number));
  await store.recall(
    keys.flatMap((key) => [
      { entity: card, key },
      { entity: shop, key },
    ]),
    keys.map((key) => ({ key, transactionId: key })),
  );
  expect((await commandsProcessed(redis)) - before).toBe(1);
  connection.disconnect();
});

serviceTest("states, claims and decisions expire by themselves", async ({ redisUrl, prefix, redis }) => {
  const connection = await connectRedis(redisUrl, silentLogger());
  const store = redisFeatureStore<Tap>(connection, { prefix, idempotencySeconds: 60 });
  const row = { state: card.empty(), nextOffsets: new Float64Array(0) };
  card.apply(row.state, tap(1));
  const claim = { claimedAtMs: 0, vector: Float32Array.of(1), statesRead: [] };
  const claims = [{ transactionId: "t1", claim }];
  await store.remember([{ entity: card, key: "c1", expectedVersion: Buffer.alloc(0), row, claims }]);
  await store.writeDecisions([{ transactionId: "t1", place: "logged", answer: "{}" }]);
  expect(await redis.ttl(`${prefix}state:card:{c1}`)).toBeGreaterThan(86_000);
  expect(await redis.ttl(`${prefix}claim:{c1}:t1`)).toBeGreaterThan(86_000);
  expect(await redis.ttl(`${prefix}decision:t1`)).toBeLessThanOrEqual(60);
  await store.confirmLogged([{ key: "c1", transactionId: "t1" }]);
  expect(await redis.ttl(`${prefix}claim:{c1}:t1`)).toBeLessThanOrEqual(60);
  connection.disconnect();
});

test("a Redis that is not there is named at start, without its password", async () => {
  const refused = connectRedis("redis://user:secret@127.0.0.1:1", silentLogger());
  await expect(refused).rejects.toThrow(
    /Redis at redis:\/\/\*\*\*@127\.0\.0\.1:1 does not answer \(.*ECONNREFUSED/u,
  );
});

async function commandsProcessed(redis: { info(section: string): Promise<string> }): Promise<number> {
  const stats = await redis.info("commandstats");
  const calls = [...stats.matchAll(/cmdstat_(?:mget|get|hget):calls=(\d+)/gu)];
  return calls.reduce((total, [, count]) => total + Number(count), 0);
}
