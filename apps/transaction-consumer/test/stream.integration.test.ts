import type { DeadLetter, DecisionRecord } from "@tollgate/contracts";
import { engagement } from "@tollgate/engagement-card-payments";
import { createJsonProducer } from "@tollgate/event-log";
import { silentLogger } from "@tollgate/runtime";
import { serviceTest, until } from "@tollgate/testkit";
import type { Kafka } from "kafkajs";
import { expect } from "vitest";
import { scoreAll } from "./faults/http-client.ts";
import { kafkaMessage, simulatedPayments } from "./faults/payments.ts";
import { createPlatform } from "./faults/platform.ts";

/** Reads a topic from its beginning until it has so many records. */
async function readRecords<T>(
  kafka: Kafka,
  wanted: { readonly topic: string; readonly groupId: string; readonly count: number },
): Promise<readonly T[]> {
  const records: T[] = [];
  const consumer = kafka.consumer({ groupId: wanted.groupId });
  await consumer.connect();
  await consumer.subscribe({ topic: wanted.topic, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      records.push(JSON.parse(message.value?.toString("utf8") ?? "null") as T);
    },
  });
  const describe = `${wanted.count} records on ${wanted.topic}`;
  await until(() => records.length >= wanted.count, { describe, deadlineMs: 30_000 });
  await consumer.disconnect();
  return records;
}

serviceTest(
  "what is not a transaction goes to the dead-letter topic with the reason; what stands beside it is decided",
  async ({ kafka, kafkaBrokers, redisUrl, redis, postgresUrl, prefix, onTestFinished }) => {
    await redis.ping();
    const platform = await createPlatform({ kafkaBrokers, redisUrl, postgresUrl, prefix });
    onTestFinished(() => platform.stop());
    const [good] = simulatedPayments({ count: 1, seed: 21, prefix });
    if (good === undefined) throw new Error("the simulation made nothing");
    const wire = engagement.transaction.toWire(good);
    const bad: readonly (readonly [string, Buffer])[] = [
      ["NOT_UTF8", Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
      ["NOT_JSON", Buffer.from('{"id": ')],
      ["NOT_JSON", Buffer.from(JSON.stringify(wire).replace(String(good.amountMinor), "NaN"))],
      ["EMPTY", Buffer.alloc(0)],
      ["TOO_LARGE", Buffer.from(JSON.stringify({ ...wire, note: "x".repeat(20_000) }))],
      ["INVALID", Buffer.from(JSON.stringify({ ...wire, amountMinor: -1, currency: "XXX" }))],
      ["INVALID", Buffer.from(JSON.stringify({ ...wire, occurredAt: "2999-01-01T00:00:00Z" }))],
      ["INVALID", Buffer.from("[1, 2]")],
    ];
    const topic = platform.topics.transactions;
    const producer = createJsonProducer({ kafka, topic, logger: silentLogger() });
    onTestFinished(() => producer.stop());
    await producer.send([...bad.map(([, value]) => ({ key: good.cardId, value })), kafkaMessage(good)]);
    await platform.startConsumer();
    const decisions = await readRecords<DecisionRecord>(kafka, {
      topic: platform.topics.decisions,
      groupId: `${prefix}decisions`,
      count: 1,
    });
    expect(decisions.map((record) => record.transactionId)).toEqual([good.id]);
    const letters = await readRecords<DeadLetter>(kafka, {
      topic: platform.topics.deadLetters,
      groupId: `${prefix}letters`,
      count: bad.length,
    });
    expect(letters.map((letter) => letter.reason)).toEqual(bad.map(([reason]) => reason));
    expect(letters.map((letter) => letter.valueBase64)).toEqual(
      bad.map(([, value]) => value.toString("base64")),
    );
    const faults = letters[5]?.faults.map((fault) => fault.path) ?? [];
    expect(faults.toSorted()).toEqual(["/amountMinor", "/currency"]);
  },
);

serviceTest(
  "the same payments by HTTP and by Kafka get the same vectors, scores and decisions",
  async ({ kafka, kafkaBrokers, redisUrl, redis, postgresUrl, prefix, onTestFinished }) => {
    await redis.ping();
    const payments = simulatedPayments({ count: 200, seed: 22, prefix }).map((payment) => ({
      ...payment,
      // One card: its order is then the same by either way. Places of its own: they lag differently.
      cardId: `${prefix}card`,
      merchantId: `${prefix}merchant-of-${payment.id}`,
      terminalId: `${prefix}terminal-of-${payment.id}`,
    }));
    const recordsOf = async (way: "http" | "kafka"): Promise<readonly DecisionRecord[]> => {
      const names = { kafkaBrokers, redisUrl, postgresUrl, prefix: `${prefix}${way}-` };
      const platform = await createPlatform(names);
      onTestFinished(() => platform.stop());
      if (way === "http") {
        await platform.startApi();
        await scoreAll(platform, payments, { concurrency: 1 });
      } else {
        const topic = platform.topics.transactions;
        const producer = createJsonProducer({ kafka, topic, logger: silentLogger() });
        onTestFinished(() => producer.stop());
        await producer.send(payments.map(kafkaMessage));
        await platform.startConsumer();
      }
      const topic = platform.topics.decisions;
      return readRecords<DecisionRecord>(kafka, { topic, groupId: `${prefix}${way}`, count: 200 });
    };
    const [byHttp, byKafka] = [await recordsOf("http"), await recordsOf("kafka")];
    const essence = (records: readonly DecisionRecord[]): unknown =>
      records
        .filter((record) => record.degraded.length === 0)
        .map(({ transactionId, vector, score, outcome }) => ({ transactionId, vector, score, outcome }));
    expect(byHttp.every((record) => record.degraded.length === 0)).toBe(true);
    expect(essence(byHttp)).toEqual(essence(byKafka));
  },
);

serviceTest(
  "an id that was decided for another card is a dead letter, and holds up nothing behind it",
  async ({ kafka, kafkaBrokers, redisUrl, redis, postgresUrl, prefix, onTestFinished }) => {
    const platform = await createPlatform({ kafkaBrokers, redisUrl, postgresUrl, prefix });
    onTestFinished(() => platform.stop());
    const [first, second] = simulatedPayments({ count: 2, seed: 24, prefix });
    if (first === undefined || second === undefined) throw new Error("the simulation made nothing");
    const topic = platform.topics.transactions;
    const producer = createJsonProducer({ kafka, topic, logger: silentLogger() });
    onTestFinished(() => producer.stop());
    await platform.startConsumer();
    await producer.send([kafkaMessage(first)]);
    const kept = async (): Promise<boolean> =>
      (await redis.keys(`${prefix}*decision:${first.id}`)).length > 0;
    await until(kept, { describe: "the first decision to be kept", deadlineMs: 30_000 });
    const stolen = { ...first, cardId: second.cardId };
    await producer.send([kafkaMessage(stolen), kafkaMessage(second)]);
    const [letter] = await readRecords<DeadLetter>(kafka, {
      topic: platform.topics.deadLetters,
      groupId: `${prefix}letters`,
      count: 1,
    });
    expect(letter).toMatchObject({ reason: "TRANSACTION_ID_TAKEN", faults: [{ path: "/id" }] });
    const decisions = await readRecords<DecisionRecord>(kafka, {
      topic: platform.topics.decisions,
      groupId: `${prefix}decisions`,
      count: 2,
    });
    const cards = new Map(decisions.map(({ transactionId, partitionKey }) => [transactionId, partitionKey]));
    expect(cards).toEqual(
      new Map([
        [first.id, first.cardId],
        [second.id, second.cardId],
      ]),
    );
  },
);
