import { topicNames } from "@tollgate/contracts";
import { silentLogger, systemClock } from "@tollgate/runtime";
import { serviceTest, until } from "@tollgate/testkit";
import { expect } from "vitest";
import {
  connectKafka,
  createJsonProducer,
  ensureTopics,
  runBatchConsumer,
  type BatchConsumerOptions,
} from "../src/index.ts";

const logger = silentLogger();
const clock = systemClock();

const test = serviceTest.extend<{
  topic: string;
  send: (count: number) => Promise<void>;
  consumer: (handle: BatchConsumerOptions["handle"]) => BatchConsumerOptions;
}>({
  topic: async ({ kafkaBrokers, prefix }, use) => {
    const kafka = connectKafka({ brokers: kafkaBrokers, clientId: "test", logger });
    await ensureTopics(kafka, topicNames(prefix), { partitions: 2, replicationFactor: 1 });
    await use(topicNames(prefix).transactions);
  },
  send: async ({ kafkaBrokers, topic }, use) => {
    const kafka = connectKafka({ brokers: kafkaBrokers, clientId: "test", logger });
    const producer = createJsonProducer({ kafka, topic, logger });
    let sent = 0;
    await use(async (count) => {
      const messages = Array.from({ length: count }, (_, index) => ({
        key: `card-${index % 20}`,
        value: JSON.stringify({ number: sent + index }),
      }));
      sent += count;
      await producer.send(messages);
    });
    await producer.stop();
  },
  consumer: async ({ kafkaBrokers, topic, prefix }, use) => {
    const kafka = connectKafka({ brokers: kafkaBrokers, clientId: "test", logger });
    await use((handle) => ({ kafka, groupId: `${prefix}group`, topic, handle, logger, clock }));
  },
});

test("a batch whose handler fails comes again, and none is skipped", async ({ send, consumer }) => {
  await send(100);
  const handled: number[] = [];
  let failures = 0;
  const running = runBatchConsumer(
    consumer(async ({ messages }) => {
      if (failures < 3) {
        failures += 1;
        throw new Error("the database is away");
      }
      for (const { value } of messages)
        handled.push((JSON.parse(String(value)) as { number: number }).number);
    }),
  );
  await until(() => handled.length >= 100, { describe: "100 records" });
  await running.stop();
  expect(handled.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, number) => number));
});

test("what was handled is committed: the next member of the group goes on from there", async ({
  send,
  consumer,
}) => {
  await send(50);
  let first = 0;
  const running = runBatchConsumer(consumer(async ({ messages }) => void (first += messages.length)));
  await until(() => first === 50, { describe: "50 records" });
  await running.stop();
  await send(30);
  let second = 0;
  const next = runBatchConsumer(consumer(async ({ messages }) => void (second += messages.length)));
  await until(() => second >= 30, { describe: "30 more" });
  await until(() => [...next.lag().values()].every((lag) => lag === 0), { describe: "no lag" });
  expect(next.healthy()).toBe(true);
  await next.stop();
  expect(second).toBe(30);
});

test("a handler can send a partition back to an offset of its own", async ({ send, consumer }) => {
  await send(40);
  const seen = new Map<string, number>();
  const resumed = new Set<number>();
  const running = runBatchConsumer(
    consumer(async ({ partition, messages, highWatermark }) => {
      for (const { offset } of messages) {
        const name = `${partition}/${offset}`;
        seen.set(name, (seen.get(name) ?? 0) + 1);
      }
      const isLast = (messages.at(-1)?.offset ?? 0n) + 1n === highWatermark;
      if (!isLast || resumed.has(partition)) return undefined;
      resumed.add(partition);
      return { resumeAt: 0n };
    }),
  );
  await until(() => [...seen.values()].filter((count) => count === 2).length === 40, {
    describe: "all twice",
  });
  await running.stop();
});

test("a paused consumer takes nothing until it is resumed", async ({ send, consumer }) => {
  let handled = 0;
  const running = runBatchConsumer(consumer(async ({ messages }) => void (handled += messages.length)));
  await send(10);
  await until(() => handled === 10, { describe: "10 records" });
  running.pause();
  await send(10);
  let seenByAnother = 0;
  const ofAnotherGroup = consumer(async ({ messages }) => void (seenByAnother += messages.length));
  const another = runBatchConsumer({ ...ofAnotherGroup, groupId: `${ofAnotherGroup.groupId}-2` });
  await until(() => seenByAnother === 20, { describe: "20 records in the other group" });
  await another.stop();
  expect(handled).toBe(10);
  running.resume();
  await until(() => handled === 20, { describe: "10 more" });
  await running.stop();
});
