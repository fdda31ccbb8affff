import { expect } from "vitest";
import { serviceTest as test } from "@tollgate/testkit";

test("each test has an empty database of its own", async ({ postgres, prefix }) => {
  const { rows } = await postgres.query("select current_database() as name");
  expect(rows).toEqual([{ name: `${prefix}database` }]);
  const tables = await postgres.query(
    "select 1 from information_schema.tables where table_schema = 'public'",
  );
  expect(tables.rowCount).toBe(0);
});

test("Redis runs Lua, which compare-and-set needs", async ({ redis, prefix }) => {
  const script = "redis.call('SET', KEYS[1], ARGV[1]) return redis.call('GET', KEYS[1])";
  expect(await redis.eval(script, 1, `${prefix}key`, "value")).toBe("value");
});

test("Kafka gives back what was sent, and makes no topic by itself", async ({ kafka, prefix }) => {
  const topic = `${prefix}echo`;
  const admin = kafka.admin();
  await admin.connect();
  const hasty = kafka.producer({ retry: { retries: 0 } });
  await hasty.connect();
  await expect(hasty.send({ topic, messages: [{ value: "too early" }] })).rejects.toThrow(/topic/);
  expect(await admin.listTopics()).not.toContain(topic);
  await admin.createTopics({ topics: [{ topic, numPartitions: 2 }] });
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({ topic, acks: -1, messages: [{ key: "card", value: "hello" }] });
  const consumer = kafka.consumer({
    groupId: `${prefix}group`,
    sessionTimeout: 2_000,
    heartbeatInterval: 500,
  });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const received = await new Promise<string | undefined>((resolve) => {
    void consumer.run({
      eachMessage: async ({ message }) => Promise.resolve(resolve(message.value?.toString())),
    });
  });
  expect(received).toBe("hello");
  await Promise.all([consumer.disconnect(), producer.disconnect(), hasty.disconnect(), admin.disconnect()]);
});
