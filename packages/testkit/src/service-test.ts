import { randomBytes } from "node:crypto";
import { Redis } from "ioredis";
import { Kafka, logLevel } from "kafkajs";
import { Client, Pool } from "pg";
import { test, type TestAPI } from "vitest";

import { keysPerScan } from "./limits.ts";
import { providedServices } from "./provided-services.ts";

/** What a test against real services is given; each part is made only when the test asks for it. */
export interface ServiceFixtures {
  /** Unique to this test: begin keys, topics and consumer groups with it. What begins so is deleted after. */
  prefix: string;
  kafkaBrokers: readonly string[];
  kafka: Kafka;
  redisUrl: string;
  redis: Redis;
  /** A database of its own, empty, dropped after the test. */
  postgresUrl: string;
  /** Connections to that database. */
  postgres: Pool;
}

/** `test` with real Kafka, Redis and PostgreSQL; needs the global set-up of this package. */
export const serviceTest: TestAPI<ServiceFixtures> = test.extend<ServiceFixtures>({
  prefix: async ({}, use) => use(`test-${randomBytes(5).toString("hex")}-`),
  kafkaBrokers: async ({}, use) => use(providedServices().kafkaBrokers.split(",")),
  kafka: async ({ kafkaBrokers, prefix }, use) => {
    const kafka = new Kafka({
      clientId: `${prefix}client`,
      brokers: [...kafkaBrokers],
      logLevel: logLevel.NOTHING,
    });
    await use(kafka);
    await deleteTopics(kafka, prefix);
  },
  redisUrl: async ({}, use) => use(providedServices().redisUrl),
  redis: async ({ redisUrl, prefix }, use) => {
    const redis = new Redis(redisUrl);
    await use(redis);
    await deleteKeys(redis, prefix);
    await redis.quit();
  },
  postgresUrl: async ({ prefix }, use) => {
    const name = `${prefix}database`;
    const shared = providedServices().postgresUrl;
    // template0 cannot be connected to, so that nothing stands in the way of copying it.
    await queryOnce(shared, `create database "${name}" template template0`);
    const url = new URL(shared);
    url.pathname = `/${name}`;
    await use(url.href);
    await queryOnce(shared, `drop database "${name}" with (force)`);
  },
  postgres: async ({ postgresUrl }, use) => {
    const pool = new Pool({ connectionString: postgresUrl });
    // A test that ends the server's side of a connection sees that where it queries.
    pool.on("error", () => {});
    await use(pool);
    await pool.end();
  },
});

async function deleteTopics(kafka: Kafka, prefix: string): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(prefix));
  if (topics.length > 0) await admin.deleteTopics({ topics });
  await admin.disconnect();
}

async function deleteKeys(redis: Redis, prefix: string): Promise<void> {
  let cursor = "0";
  do {
    const [next, keys] = await redis.scan(cursor, "MATCH", `${prefix}*`, "COUNT", keysPerScan);
    if (keys.length > 0) await redis.unlink(...keys);
    cursor = next;
  } while (cursor !== "0");
}

async function queryOnce(url: string, text: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
