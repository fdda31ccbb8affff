import { Kafka, logLevel } from "kafkajs";
import { expect, onTestFinished, test } from "vitest";

import { startOwnKafka } from "../src/start-own-kafka.ts";

test("what was acknowledged before kill -9 is there after the restart", async () => {
  const own = await startOwnKafka("kill");
  onTestFinished(() => own.stop());
  const kafka = new Kafka({ brokers: [...own.brokers], logLevel: logLevel.NOTHING });
  const topic = "kept";
  await using(kafka.admin(), (admin) => admin.createTopics({ topics: [{ topic }] }));
  await using(kafka.producer(), (producer) =>
    producer.send({ topic, acks: -1, messages: [{ value: "one" }, { value: "two" }] }),
  );
  await own.kill();
  await own.restart();
  const offsets = await using(kafka.admin(), (admin) => admin.fetchTopicOffsets(topic));
  expect(offsets).toMatchObject([{ partition: 0, high: "2" }]);
});

interface Connection {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
}

async function using<C extends Connection, T>(connection: C, use: (connection: C) => Promise<T>): Promise<T> {
  await connection.connect();
  try {
    return await use(connection);
  } finally {
    await connection.disconnect();
  }
}
