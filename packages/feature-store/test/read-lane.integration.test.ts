import { silentLogger } from "@tollgate/runtime";
import { startOwnRedis, until, type OwnRedis } from "@tollgate/testkit";
import type { Redis } from "ioredis";
import { expect, onTestFinished, test } from "vitest";
import { connectRedis } from "../src/index.ts";
import { openReadLane, type ReadLane } from "../src/read-lane.ts";

interface Opened {
  readonly server: OwnRedis;
  readonly redis: Redis;
  readonly lane: ReadLane;
}

async function open(): Promise<Opened> {
  const server = await startOwnRedis();
  const redis = (await connectRedis(server.url, silentLogger())) as Redis;
  onTestFinished(async () => {
    redis.disconnect();
    await server.stop();
  });
  const lane = openReadLane(redis);
  await until(() => lane.isOpen, { describe: "the lane to open" });
  return { server, redis, lane };
}

/** Connections of clients, as the server counts them. */
async function connections(redis: Redis): Promise<number> {
  return String(await redis.client("LIST"))
    .trim()
    .split("\n").length;
}

test("a lane reads what the client reads: nothing, small and large, of any name, many at once", async () => {
  const { redis, lane } = await open();
  const values = [1, 0, 3, 70_000, 3_000_000].map((length, number) => Buffer.alloc(length, number));
  const keys = values.map((_value, number) => `größe:${number}`);
  for (const [number, value] of values.entries()) await redis.set(keys[number] ?? "", value);
  await redis.hset("hash", "another", "type");
  const asked = [...keys, "absent", "hash", ...keys.toReversed()];
  const byClient = await redis.mgetBuffer(asked);
  const byLane = await Promise.all(Array.from({ length: 12 }, () => lane.read(asked)));
  for (const reply of byLane) {
    expect(reply.map((value) => value?.length)).toEqual(byClient.map((value) => value?.length));
    expect(reply.every((value, at) => value?.equals(byClient[at] ?? Buffer.alloc(0)) ?? true)).toBe(true);
  }
});

test("what Redis refuses is refused by its own words, and the lane goes on", async () => {
  const { redis, lane } = await open();
  await redis.call("ACL", "SETUSER", "default", "-mget");
  await expect(lane.read(["a"])).rejects.toThrow(/NOPERM/u);
  await expect(lane.read(["a"])).rejects.toMatchObject({ name: "ReplyError" });
  await redis.call("ACL", "SETUSER", "default", "+mget");
  expect(await lane.read(["a"])).toEqual([null]);
});

test("a lane that is cut off fails what waits, and comes back by itself", async () => {
  const { server, redis, lane } = await open();
  await redis.set("a", "1");
  server.halt();
  const waiting = lane.read(["a"]).then(
    () => "answered",
    (error: Error) => error.message,
  );
  await server.kill();
  expect(await waiting).toBe("the connection to Redis was lost");
  await until(() => !lane.isOpen, { describe: "the lane to be away" });
  await expect(lane.read(["a"])).rejects.toThrow("no read lane");
  await server.restart();
  await until(() => lane.isOpen, { describe: "the lane to be back" });
  expect(await lane.read(["a"])).toEqual([null]);
});

test("a lane ends with the connection that it was opened for", async () => {
  const { server, redis } = await open();
  const other = (await connectRedis(server.url, silentLogger())) as Redis;
  onTestFinished(() => other.disconnect());
  expect(await connections(other)).toBe(3);
  redis.disconnect();
  await until(async () => (await connections(other)) === 1, { describe: "both connections to end" });
});
