import type { DecisionRecord } from "@tollgate/contracts";
import type { CardPayment } from "@tollgate/engagement-card-payments";
import { redisFeatureStore } from "@tollgate/feature-store";
import { versionOf } from "@tollgate/features";
import { until } from "@tollgate/testkit";
import type { Redis } from "ioredis";
import type { Kafka } from "kafkajs";
import type { Pool } from "pg";
import { expect } from "vitest";
import { compiled, expectedVersions } from "./payments.ts";
import type { Platform } from "./platform.ts";

export interface Sides {
  readonly platform: Platform;
  readonly prefix: string;
  readonly kafka: Kafka;
  readonly redis: Redis;
  readonly postgres: Pool;
  readonly payments: readonly CardPayment[];
}

/** Everything that was sent is in PostgreSQL; polled, since the ledger follows the log. */
export async function untilArchived(sides: Sides): Promise<void> {
  await until(async () => (await archivedCount(sides.postgres)) >= sides.payments.length, {
    describe: `${sides.payments.length} rows in PostgreSQL`,
    deadlineMs: 90_000,
  });
}

export async function archivedCount(postgres: Pool): Promise<number> {
  const { rows } = await postgres.query<{ count: string }>("select count(*) as count from decisions");
  return Number(rows[0]?.count);
}

/**
 * Sent = decided = archived, once each; every entity's state counts each of its transactions once; and no two
 * decisions on a card were made from the same state of it.
 */
export async function expectNothingLost(sides: Sides): Promise<void> {
  const sent = sides.payments.map((payment) => payment.id).toSorted();
  const records = await readDecisions(sides);
  expect(records.map((record) => record.transactionId).toSorted()).toEqual(sent);
  const archived = await sides.postgres.query<{ id: string }>("select transaction_id as id from decisions");
  expect(archived.rows.map((row) => row.id).toSorted()).toEqual(sent);
  await expectStatesCountOnce(sides);
  // A score that ran out of time (a loaded machine) may not have written its state: it says so, and was
  // counted from the log.
  const sighted = records.filter((record) => !record.degraded.includes("state-write"));
  const seen = sighted.map(({ partitionKey, statesRead }) => {
    const card = statesRead.find((state) => state.entity === "card");
    return `${partitionKey} at version ${card?.version}`;
  });
  expect(new Set(seen).size).toBe(seen.length);
}

async function expectStatesCountOnce({ redis, payments, prefix }: Sides): Promise<void> {
  const expected = expectedVersions(payments);
  const store = redisFeatureStore<CardPayment>(redis, {
    prefix,
    entities: compiled.featureSet.entities,
    idempotencySeconds: 600,
  });
  const addresses = [...expected.values()].map(({ address }) => address);
  const versionsNow = async (): Promise<ReadonlyMap<string, number>> => {
    const { states } = await store.recall(addresses, []);
    const names = [...expected.keys()];
    return new Map(
      states.map(({ row }, position) => [names[position] ?? "", row === null ? 0 : versionOf(row.state)]),
    );
  };
  const wanted = new Map([...expected].map(([name, { version }]) => [name, version]));
  const total = (versions: ReadonlyMap<string, number>): number =>
    [...versions.values()].reduce((sum, version) => sum + version, 0);
  await until(async () => total(await versionsNow()) >= total(wanted), {
    describe: "streamed states to have caught up with the log",
    deadlineMs: 60_000,
  });
  expect(await versionsNow()).toEqual(wanted);
}

/** The whole decision log, from its first record to the end as of now. */
async function readDecisions(sides: Pick<Sides, "kafka" | "platform" | "prefix">): Promise<DecisionRecord[]> {
  const topic = sides.platform.topics.decisions;
  const admin = sides.kafka.admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  const total = ends.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
  const records: DecisionRecord[] = [];
  const consumer = sides.kafka.consumer({ groupId: `${sides.prefix}read-${process.hrtime.bigint()}` });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachBatch: async ({ batch }) => {
      for (const { value } of batch.messages) {
        records.push(JSON.parse(value?.toString("utf8") ?? "null") as DecisionRecord);
      }
    },
  });
  await until(() => records.length >= total, { describe: `${total} records read`, deadlineMs: 30_000 });
  await consumer.disconnect();
  return records;
}
