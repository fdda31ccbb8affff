/** Memory of Redis for the cards' states: real rows under real keys, counted from `INFO memory`. */
import type { BaseTransaction } from "@tollgate/contracts";
import { silentLogger, type BenchOptions, type BenchResult } from "@tollgate/runtime";
import { startOwnRedis } from "@tollgate/testkit/own-redis";
import type { Redis } from "ioredis";
import { connectRedis, redisFeatureStore } from "../src/index.ts";
import { growDefaultStates, writeRows, type DefaultStates } from "./default-states.ts";

/** The design's bound for the default set. */
const mostStateBytes = 2_048;

export async function run(options: BenchOptions): Promise<BenchResult> {
  const cards = options.quick ? 20_000 : 100_000;
  const states = await growDefaultStates({ customers: 1_000, days: 60 });
  const rows: (readonly string[])[] = [];
  const figures: Record<string, number> = {};
  for (const entity of states.entities) {
    const grown = states.rows.filter(({ address }) => address.entity === entity).map(({ row }) => row);
    const bytes = await bytesPerRow(
      Array.from({ length: cards }, (_, number) => {
        const row = grown[number % grown.length];
        if (row === undefined) throw new Error(`the simulation has no ${entity.name}`);
        return { address: { entity, key: `${entity.name}-${String(number).padStart(10, "0")}` }, row };
      }),
      states.entities,
    );
    const { name, layout } = entity;
    rows.push([name, String(layout.byteLength), bytes.toFixed(0), ((bytes * 1e6) / 2 ** 30).toFixed(2)]);
    figures[`${name}StateBytes`] = layout.byteLength;
    figures[`${name}BytesInRedis`] = bytes;
  }
  const transactional = states.entities.filter(({ consistency }) => consistency === "transactional");
  return {
    table: { header: ["entity", "bytes of a state", "bytes in Redis", "GiB per million"], rows },
    figures,
    passed: transactional.every(({ layout }) => layout.byteLength <= mostStateBytes),
    notes: [
      `${cards} rows of each entity; the row's key, its time to live and Redis's overhead are counted.`,
    ],
  };
}

async function bytesPerRow(
  rows: Parameters<typeof writeRows>[1],
  entities: DefaultStates["entities"],
): Promise<number> {
  const server = await startOwnRedis();
  const redis = (await connectRedis(server.url, silentLogger())) as Redis;
  try {
    const store = redisFeatureStore<BaseTransaction>(redis, {
      prefix: "tollgate:",
      entities,
      idempotencySeconds: 60,
    });
    const before = await usedBytes(redis);
    await writeRows(store, rows);
    return ((await usedBytes(redis)) - before) / rows.length;
  } finally {
    redis.disconnect();
    await server.stop();
  }
}

async function usedBytes(redis: Redis): Promise<number> {
  return Number(/used_memory:(\d+)/u.exec(await redis.info("memory"))?.[1]);
}
