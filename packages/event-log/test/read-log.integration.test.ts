import { topicNames } from "@tollgate/contracts";
import { silentLogger, systemClock } from "@tollgate/runtime";
import { serviceTest, until } from "@tollgate/testkit";
import { expect } from "vitest";
import {
  connectKafka,
  createJsonProducer,
  ensureTopics,
  openLogReader,
  readLog,
  type ConsumedBatch,
  type LogReaderOptions,
} from "../src/index.ts";

const logger = silentLogger();
const clock = systemClock();

const test = serviceTest.extend<{
  options: Omit<LogReaderOptions, "handle">;
  send: (count: number) => Promise<void>;
}>({
  options: async ({ kafkaBrokers, prefix }, use) => {
    const kafka = connectKafka({ brokers: kafkaBrokers, clientId: "test", logger });
    await ensureTopics(kafka, topicNames(prefix), { partitions: 2, replicationFactor: 1 });
    await use({ kafka, topic: topicNames(prefix).transactions, logger, clock });
  },
  send: async ({ options }, use) => {
    const producer = createJsonProducer(options);
    let sent = 0;
    await use(async (count) => {
      const from = sent;
      sent += count;
      await producer.send(
        Array.from({ length: count }, (_, index) => ({
          key: `card-${(from + index) % 20}`,
          value: JSON.stringify({ number: from + index }),
        })),
      );
    });
    await producer.stop();
  },
});

function collect(into: number[]): (batch: ConsumedBatch) => Promise<void> {
  return async ({ messages }) => {
    for (const { value } of messages) into.push((JSON.parse(String(value)) as { number: number }).number);
  };
}

test("what is in the log at the call is read once, and what comes later is not", async ({
  send,
  options,
}) => {
  await send(100);
  const seen: number[] = [];
  let more: Promise<void> | undefined;
  const ends = await readLog({
    ...options,
    async handle(batch) {
      more ??= send(50);
      await more;
      await collect(seen)(batch);
    },
  });
  expect(seen.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, number) => number));
  expect([...ends.values()].reduce((sum, end) => sum + end, 0n)).toBe(100n);
});

test("reading begins where it is told, and an empty stretch ends at once", async ({ send, options }) => {
  await send(60);
  const first: number[] = [];
  const ends = await readLog({ ...options, handle: collect(first) });
  await send(20);
  const second: number[] = [];
  const later = await readLog({ ...options, from: ends, handle: collect(second) });
  expect(second.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => 60 + index));
  const third: number[] = [];
  await readLog({ ...options, from: later, handle: collect(third) });
  expect(third).toEqual([]);
});

test("a reader that is left open follows the log, and ends with its handler's error", async ({
  send,
  options,
}) => {
  await send(10);
  const seen: number[] = [];
  const reader = await openLogReader({
    ...options,
    async handle(batch) {
      await collect(seen)(batch);
      if (seen.includes(25)) throw new Error("no more room");
    },
  });
  await reader.reach(await reader.ends());
  expect(seen.length).toBe(10);
  await send(10);
  await until(() => seen.length === 20, { describe: "ten more" });
  await send(10);
  await expect(reader.reach(await reader.ends())).rejects.toThrow("no more room");
  await reader.stop();
});
