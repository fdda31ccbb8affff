import { parseLabel, topicNames } from "@tollgate/contracts";
import { ensureTopics } from "@tollgate/event-log";
import { compileEngagement } from "@tollgate/engagement";
import { engagement } from "@tollgate/engagement-card-payments";
import { silentLogger, systemClock } from "@tollgate/runtime";
import { serviceTest, until } from "@tollgate/testkit";
import type { Kafka } from "kafkajs";
import { expect } from "vitest";
import { parseOptions } from "../src/options.ts";
import type { Progress } from "../src/progress.ts";
import { runSimulator } from "../src/run-simulator.ts";

serviceTest(
  "every transaction is in Kafka once, by card in order, and labels follow",
  async ({ kafka, kafkaBrokers, prefix }) => {
    const topics = topicNames(prefix);
    await ensureTopics(kafka, topics, { partitions: 4, replicationFactor: 1 });
    const compiled = compileEngagement(engagement);
    const progress: Progress[] = [];
    const complete = await runSimulator({
      compiled,
      options: parseOptions(["--kafka", "--rate", "4000", "--count", "12000", "--customers", "400"]),
      config: { brokers: kafkaBrokers, topicPrefix: prefix, apiUrl: "", apiKey: "" },
      clock: systemClock(),
      logger: silentLogger(),
      onProgress: (state) => void progress.push(state),
      stop: new AbortController().signal,
    });
    expect(complete).toBe(true);
    const summary = progress.at(-1);
    expect(summary).toMatchObject({ type: "summary", sentKafka: 12_000, failedKafka: 0, droppedKafka: 0 });
    const labelsSent = summary?.labelsSent ?? 0;
    expect(labelsSent).toBeGreaterThan(0);

    const records = await readAll(kafka, `${prefix}reader`, [
      [topics.transactions, 12_000],
      [topics.labels, labelsSent],
    ]);
    const now = Date.now();
    const lastByCard = new Map<string, number>();
    const ids = new Set<string>();
    for (const { key, value } of records.get(topics.transactions) ?? []) {
      const parsed = engagement.transaction.parse(value, now);
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
      const { id, cardId, occurredAtMs } = parsed.value;
      ids.add(id);
      expect(key).toBe(cardId);
      expect(occurredAtMs).toBeGreaterThanOrEqual(lastByCard.get(cardId) ?? 0);
      lastByCard.set(cardId, occurredAtMs);
    }
    expect(ids.size).toBe(12_000);
    for (const { key, value } of records.get(topics.labels) ?? []) {
      const parsed = parseLabel(value, Date.now());
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
      expect(key).toBe(parsed.value.transactionId);
      expect(ids.has(parsed.value.transactionId)).toBe(true);
    }
  },
);

interface JsonRecord {
  readonly key: string;
  readonly value: unknown;
}

/** Reads the topics from their start until each has as many records as expected, and not one more. */
async function readAll(
  kafka: Kafka,
  groupId: string,
  expected: readonly (readonly [string, number])[],
): Promise<ReadonlyMap<string, readonly JsonRecord[]>> {
  const records = new Map(expected.map(([topic]): [string, JsonRecord[]] => [topic, []]));
  const consumer = kafka.consumer({ groupId });
  await consumer.connect();
  await consumer.subscribe({ topics: [...records.keys()], fromBeginning: true });
  await consumer.run({
    eachMessage: ({ topic, message }) => {
      const value: unknown = JSON.parse(String(message.value));
      records.get(topic)?.push({ key: String(message.key), value });
      return Promise.resolve();
    },
  });
  await until(() => expected.every(([topic, count]) => (records.get(topic)?.length ?? 0) >= count), {
    describe: "every record to be read",
  });
  await consumer.disconnect();
  for (const [topic, count] of expected) expect(records.get(topic)?.length).toBe(count);
  return records;
}
