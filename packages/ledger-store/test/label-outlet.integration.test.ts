import type { DecisionRecord, Label, LabelledTransaction } from "@tollgate/contracts";
import { silentLogger, systemClock } from "@tollgate/runtime";
import { serviceTest } from "@tollgate/testkit";
import type { Pool } from "pg";
import { expect } from "vitest";
import {
  adoptPublished,
  asPublisher,
  createLedgerWriter,
  migrate,
  readLabelledProgress,
  type LedgerWriter,
  type LogBatch,
} from "../src/index.ts";

const test = serviceTest.extend<{ writer: LedgerWriter }>({
  writer: async ({ postgres }, use) => {
    await migrate(postgres);
    await adoptPublished(postgres, []);
    await use(createLedgerWriter({ pool: postgres, logger: silentLogger(), clock: systemClock() }));
  },
});

test("a label meets its decision whichever comes first, and is noted once", async ({ writer, postgres }) => {
  await writer.writeLabels(batch("labels", 0, [label("l-1", "tx-1")]));
  expect(await publishedBy(postgres)).toEqual([]);
  expect(await writer.writeDecisions(batch("decisions", 0, [decision(1), decision(2)]))).toMatchObject({
    labelled: 1,
  });
  expect(await writer.writeLabels(batch("labels", 1, [label("l-2", "tx-2")]))).toMatchObject({ labelled: 1 });
  // Delivered again, under other offsets even: nothing new.
  await writer.writeLabels(batch("labels", 2, [label("l-1", "tx-1"), label("l-2", "tx-2")]));
  await writer.writeDecisions(batch("decisions", 2, [decision(1)]));
  const published = await publishedBy(postgres);
  expect(published.map(({ sequence, label: { transactionId } }) => [sequence, transactionId])).toEqual([
    [0, "tx-1"],
    [1, "tx-2"],
  ]);
  expect(published[0]).toMatchObject({ partitionKey: "card-1", transaction: decision(1).transaction });
});

test("only a change of belief is published: the weightiest source decides, then the latest", async ({
  writer,
  postgres,
}) => {
  await writer.writeDecisions(batch("decisions", 0, [decision(1)]));
  const arrivals: readonly [Label, boolean | null][] = [
    [label("l-1", "tx-1", { fraud: false, source: "customer" }), null],
    [label("l-2", "tx-1", { fraud: true, source: "customer", labelledAt: at(2) }), true],
    [label("l-3", "tx-1", { fraud: false, source: "customer", labelledAt: at(1) }), null],
    [label("l-4", "tx-1", { fraud: true, source: "chargeback", labelledAt: at(3) }), null],
    [label("l-5", "tx-1", { fraud: false, source: "analyst", labelledAt: at(9) }), null],
    [label("l-6", "tx-1", { fraud: false, source: "chargeback", labelledAt: at(4) }), false],
    [label("l-7", "tx-1", { fraud: true, source: "issuer", labelledAt: at(9) }), null],
  ];
  for (const [offset, [arrived, change]] of arrivals.entries()) {
    const { labelled } = await writer.writeLabels(batch("labels", offset, [arrived]));
    expect([arrived.labelId, labelled]).toEqual([arrived.labelId, change === null ? 0 : 1]);
  }
  const published = await publishedBy(postgres);
  expect(published.map((record) => [record.sequence, record.label.labelId, record.label.fraud])).toEqual([
    [0, "l-2", true],
    [1, "l-6", false],
  ]);
});

test("labels and decisions written at the same time all meet, and the numbers have no gap", async ({
  writer,
  postgres,
}) => {
  const count = 400;
  const size = 10;
  const work: Promise<unknown>[] = [];
  for (let from = 0; from < count; from += size) {
    const numbers = Array.from({ length: size }, (_, index) => from + index);
    const [left, right] = [from / size, count / size - 1 - from / size];
    const decided = batch(`decisions-${left}`, 0, numbers.map(decision));
    const others = numbers.map((number) => count - 1 - number);
    const labels = batch(
      `labels-${right}`,
      0,
      others.map((number) => label(`l-${number}`, `tx-${number}`)),
    );
    work.push(writer.writeDecisions(decided), writer.writeLabels(labels));
  }
  await Promise.all(work);
  const published = await publishedBy(postgres);
  expect(published.map(({ sequence }) => sequence)).toEqual(Array.from({ length: count }, (_, n) => n));
  expect(new Set(published.map(({ label: { transactionId } }) => transactionId)).size).toBe(count);
});

test("one ledger publishes at a time; what it noted is not published again", async ({ writer, postgres }) => {
  await writer.writeDecisions(batch("decisions", 0, [decision(1), decision(2)]));
  await writer.writeLabels(batch("labels", 0, [label("l-1", "tx-1"), label("l-2", "tx-2")]));
  let second = true;
  await asPublisher(postgres, async (outlet) => {
    second = await asPublisher(postgres, () => Promise.resolve());
    expect((await outlet.unpublished()).length).toBe(2);
    await outlet.published(1);
    expect((await outlet.unpublished()).map(({ record }) => record.sequence)).toEqual([1]);
    // A successor may have been quicker: progress never goes back.
    await outlet.published(0);
  });
  expect(second).toBe(false);
  expect(await readLabelledProgress(postgres)).toEqual({ nextSequence: 2, nextToPublish: 1 });
});

test("a ledger made anew goes on with the topic's numbers and repeats no change", async ({
  writer,
  postgres,
}) => {
  const decisions = batch("decisions", 0, [decision(1)]);
  const labels = batch("labels", 0, [
    label("l-1", "tx-1", { source: "customer" }),
    label("l-2", "tx-1", { source: "analyst" }),
    label("l-3", "tx-1", { source: "chargeback", fraud: false }),
  ]);
  await writer.writeDecisions(decisions);
  for (const [offset, message] of labels.messages.entries()) {
    await writer.writeLabels({ ...labels, messages: [{ ...message, offset: BigInt(offset) }] });
  }
  const before = await publishedBy(postgres);
  expect(before.map(({ label: { fraud } }) => fraud)).toEqual([true, false]);
  await postgres.query(
    "truncate decisions, labels, labelled_transactions, labelled_progress, consumer_offsets",
  );
  await expect(writer.writeLabels(labels).then(() => writer.writeDecisions(decisions))).rejects.toThrow(
    /topic .* was not looked at/u,
  );
  expect(await adoptPublished(postgres, before)).toBe(2);
  await writer.writeDecisions(decisions);
  for (const [offset, message] of labels.messages.entries()) {
    await writer.writeLabels({ ...labels, messages: [{ ...message, offset: BigInt(offset) }] });
  }
  await writer.writeLabels(
    batch("labels", 3, [label("l-4", "tx-1", { source: "chargeback", labelledAt: at(9) })]),
  );
  expect(
    (await publishedBy(postgres)).map(({ sequence, label: { labelId } }) => [sequence, labelId]),
  ).toEqual([[2, "l-4"]]);
});

test("a database that gave the topic's numbers to others is refused", async ({ writer, postgres }) => {
  await writer.writeDecisions(batch("decisions", 0, [decision(1), decision(2)]));
  await writer.writeLabels(batch("labels", 0, [label("l-1", "tx-1"), label("l-2", "tx-2")]));
  const [first, second] = await publishedBy(postgres);
  if (first === undefined || second === undefined) throw new Error("nothing to publish");
  await expect(adoptPublished(postgres, [first, { ...first, sequence: 1 }])).rejects.toThrow(
    /older than the topic/u,
  );
  expect(await adoptPublished(postgres, [first, second, first])).toBe(0);
});

async function publishedBy(postgres: Pool): Promise<readonly LabelledTransaction[]> {
  let records: readonly LabelledTransaction[] = [];
  await asPublisher(postgres, async (outlet) => {
    records = (await outlet.unpublished()).map(({ record }) => record);
  });
  return records;
}

function batch(topic: string, first: number, values: readonly unknown[]): LogBatch {
  const messages = values.map((value, index) => ({
    offset: BigInt(first + index),
    value: Buffer.from(JSON.stringify(value)),
  }));
  return { topic, partition: 0, messages };
}

function at(day: number): string {
  return new Date(Date.UTC(2026, 2, 1 + day)).toISOString();
}

function label(labelId: string, transactionId: string, rest: Partial<Label> = {}): Label {
  return { labelId, transactionId, fraud: true, source: "chargeback", labelledAt: at(1), ...rest };
}

function decision(number: number): DecisionRecord {
  return {
    schema: "tollgate.decision.v1",
    transactionId: `tx-${number}`,
    partitionKey: `card-${number % 50}`,
    source: "kafka",
    occurredAt: at(0),
    decidedAt: at(0),
    outcome: "approve",
    score: 0.01,
    rung: "model",
    reasons: [],
    model: null,
    featureSet: "f".repeat(64),
    rulesVersion: "1",
    degraded: [],
    statesRead: [],
    generation: 1,
    vector: "AACAPw==",
    stageMicros: { recall: 1, compute: 1, predict: 1, decide: 1, record: 1 },
    transaction: { id: `tx-${number}`, merchantName: "Bäckerei" },
  };
}
