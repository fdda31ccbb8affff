import type { LabelledTransaction } from "@tollgate/contracts";
import { readLabelledProgress } from "@tollgate/ledger-store";
import { seededRandom, until } from "@tollgate/testkit";
import type { Kafka } from "kafkajs";
import { expect } from "vitest";
import { decision, decisions, label } from "./ledger-records.ts";
import { ledgerTest as test } from "./ledger-test.ts";

/** The topic from its beginning until it has so many different sequences. */
async function readLabelled(
  kafka: Kafka,
  wanted: { readonly topic: string; readonly groupId: string; readonly count: number },
): Promise<readonly LabelledTransaction[]> {
  const records: LabelledTransaction[] = [];
  const sequences = new Set<number>();
  const consumer = kafka.consumer({ groupId: wanted.groupId });
  await consumer.connect();
  await consumer.subscribe({ topic: wanted.topic, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      const record = JSON.parse(message.value?.toString("utf8") ?? "null") as LabelledTransaction;
      records.push(record);
      sequences.add(record.sequence);
    },
  });
  const describe = `${wanted.count} labelled transactions on ${wanted.topic}`;
  try {
    await until(() => sequences.size >= wanted.count, { describe, deadlineMs: 60_000 });
  } finally {
    await consumer.disconnect();
  }
  return records;
}

test("a label and its decision become one labelled transaction, with all that features need", async ({
  topics,
  send,
  startLedger,
  kafka,
  prefix,
}) => {
  await startLedger();
  await send(topics.labels, [label("l-7", "tx-7", true), label("l-1", "tx-unknown", true)]);
  await send(topics.decisions, decisions(0, 20));
  await send(topics.labels, [label("l-8", "tx-8", true), label("l-9", "tx-9", false)]);
  const topic = topics.labelledTransactions;
  const records = await readLabelled(kafka, { topic, groupId: `${prefix}reader`, count: 2 });
  expect(records.map(({ label: { labelId } }) => labelId).toSorted()).toEqual(["l-7", "l-8"]);
  const seventh = records.find(({ label: { labelId } }) => labelId === "l-7");
  expect(seventh).toEqual({
    schema: "tollgate.labelled-transaction.v1",
    sequence: expect.any(Number),
    label: {
      labelId: "l-7",
      transactionId: "tx-7",
      fraud: true,
      source: "chargeback",
      labelledAt: "2026-03-09T07:00:00.000Z",
    },
    partitionKey: "card-7",
    matchedAt: expect.any(String),
    transaction: decision(7).transaction,
  });
});

test("ledgers killed while they publish: every label is there, in one order", async ({
  topics,
  send,
  startLedger,
  postgres,
  kafka,
  prefix,
}) => {
  const count = 6_000;
  const random = seededRandom(20_260_401);
  const labels = Array.from({ length: count }, (_, number) => label(`l-${number}`, `tx-${number}`, true));
  const shuffled = labels
    .map((one) => ({ one, rank: random.next() }))
    .toSorted((left, right) => left.rank - right.rank)
    .map(({ one }) => one);
  const ledgers = [await startLedger(), await startLedger()];
  const sending = (async () => {
    for (let from = 0; from < count; from += 300) {
      await send(topics.decisions, decisions(from, 300));
      await send(topics.labels, shuffled.slice(from, from + 300));
    }
  })();
  for (const share of [0.1, 0.3, 0.6]) {
    const published = async (): Promise<number> => (await readLabelledProgress(postgres))?.nextToPublish ?? 0;
    await until(async () => (await published()) > count * share, {
      describe: `${share} of the labels published`,
      deadlineMs: 90_000,
      intervalMs: 5,
    });
    // The oldest is the one that publishes.
    await ledgers.shift()?.kill("SIGKILL");
    ledgers.push(await startLedger());
  }
  await sending;
  const topic = topics.labelledTransactions;
  const records = await readLabelled(kafka, { topic, groupId: `${prefix}reader`, count });
  const firsts = new Map<number, LabelledTransaction>();
  for (const record of records) if (!firsts.has(record.sequence)) firsts.set(record.sequence, record);
  expect([...firsts.keys()]).toEqual(Array.from({ length: count }, (_, number) => number));
  expect(new Set([...firsts.values()].map(({ label: { transactionId } }) => transactionId)).size).toBe(count);
  for (const record of records) expect(record).toEqual(firsts.get(record.sequence));
});

test("a ledger with an empty database takes over what the topic holds and goes on from there", async ({
  topics,
  send,
  startLedger,
  postgres,
  kafka,
  prefix,
}) => {
  const first = await startLedger();
  await send(topics.decisions, decisions(0, 50));
  const claims = Array.from({ length: 50 }, (_, number) => label(`l-${number}`, `tx-${number}`, true));
  await send(topics.labels, claims);
  const published = async (): Promise<number> => (await readLabelledProgress(postgres))?.nextToPublish ?? 0;
  await until(async () => (await published()) === 50, { describe: "50 published" });
  await first.stop();
  await postgres.query("drop schema public cascade");
  await postgres.query("create schema public");
  await startLedger();
  await send(topics.labels, [label("x-50", "tx-50", true)]);
  await send(topics.decisions, decisions(50, 1));
  await until(async () => (await published()) === 51, { describe: "one more", deadlineMs: 60_000 });
  const topic = topics.labelledTransactions;
  const records = await readLabelled(kafka, { topic, groupId: `${prefix}reader`, count: 51 });
  expect(records.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 51 }, (_, number) => number));
  expect(records[50]?.label.labelId).toBe("x-50");
});
