import type { Label } from "@tollgate/contracts";
import type { CardPayment } from "@tollgate/engagement-card-payments";
import { createJsonProducer, type JsonMessage } from "@tollgate/event-log";
import { redisFeatureStore } from "@tollgate/feature-store";
import { readLabelledProgress } from "@tollgate/ledger-store";
import { silentLogger } from "@tollgate/runtime";
import { serviceTest, until } from "@tollgate/testkit";
import type { Redis } from "ioredis";
import type { Pool } from "pg";
import { expect } from "vitest";
import { labelledProgressSlot } from "@tollgate/scoring";
import { expectStatesAsArchived } from "./expect-states-as-archived.ts";
import { compiled, kafkaMessage, simulatedPayments } from "./payments.ts";
import { createPlatform } from "./platform.ts";

serviceTest(
  "ledger and consumer killed while labels are published and applied: each label counts exactly once",
  async ({ kafka, kafkaBrokers, redis, redisUrl, postgres, postgresUrl, prefix, onTestFinished }) => {
    const platform = await createPlatform({ kafkaBrokers, redisUrl, postgresUrl, prefix });
    onTestFinished(() => platform.stop());
    const { topics } = platform;
    const payments = simulatedPayments({ count: 6_000, seed: 17, prefix });
    const send = async (topic: string, messages: readonly JsonMessage[]): Promise<void> => {
      const producer = createJsonProducer({ kafka, topic, logger: silentLogger() });
      await producer.send(messages);
      await producer.stop();
    };
    await send(topics.transactions, payments.map(kafkaMessage));
    const frauds = payments.filter((_payment, position) => position % 3 === 0);
    await send(
      topics.labels,
      frauds.map((payment) => labelOf(payment, true)),
    );
    let consumer = await platform.startConsumer();
    let ledger = await platform.startLedger();
    const killBothAfter = async (count: number): Promise<void> => {
      await untilPublished(postgres, count);
      await ledger.kill("SIGKILL");
      await untilApplied(redis, prefix, count / 2);
      await consumer.kill("SIGKILL");
      [ledger, consumer] = await Promise.all([platform.startLedger(), platform.startConsumer()]);
    };
    await killBothAfter(frauds.length * 0.1);
    await killBothAfter(frauds.length * 0.5);
    await untilPublished(postgres, frauds.length);
    // Only now: what is taken back in the same breath would never have been believed.
    const honest = frauds.filter((_payment, position) => position % 4 === 0);
    await send(
      topics.labels,
      honest.map((payment) => labelOf(payment, false)),
    );
    await killBothAfter(frauds.length + honest.length * 0.2);
    await untilPublished(postgres, frauds.length + honest.length);
    await untilArchived(postgres, payments.length);
    const { rows } = await postgres.query<{ fraud: boolean; count: number }>(
      "select fraud, count(*)::int as count from labelled_transactions group by fraud order by fraud",
    );
    expect(rows).toEqual([
      { fraud: false, count: honest.length },
      { fraud: true, count: frauds.length },
    ]);
    await expectStatesAsArchived({ postgres, redis, prefix });
  },
);

/** The customer says it is fraud; a day later the issuer may say it is not. */
function labelOf(payment: CardPayment, fraud: boolean): JsonMessage {
  const label: Label = {
    labelId: `${payment.id}-${fraud ? "claim" : "refusal"}`,
    transactionId: payment.id,
    fraud,
    source: fraud ? "customer" : "issuer",
    labelledAt: new Date(payment.occurredAtMs + (fraud ? 1 : 2) * 86_400_000).toISOString(),
  };
  return { key: payment.id, value: JSON.stringify(label) };
}

async function untilPublished(postgres: Pool, count: number): Promise<void> {
  await until(async () => ((await readLabelledProgress(postgres))?.nextToPublish ?? 0) >= count, {
    describe: `${count} labelled transactions published`,
    deadlineMs: 90_000,
    intervalMs: 5,
  });
}

/** By the store's own note of how far the labelled transactions were applied. */
async function untilApplied(redis: Redis, prefix: string, count: number): Promise<void> {
  const store = redisFeatureStore<CardPayment>(redis, {
    prefix,
    entities: compiled.featureSet.entities,
    idempotencySeconds: 600,
  });
  await until(async () => ((await store.readProgress()).get(labelledProgressSlot) ?? 0) > count, {
    describe: `${count} labelled transactions applied`,
    deadlineMs: 90_000,
    intervalMs: 5,
  });
}

async function untilArchived(postgres: Pool, count: number): Promise<void> {
  const archived = async (): Promise<number> => {
    const { rows } = await postgres.query<{ count: number }>("select count(*)::int as count from decisions");
    return rows[0]?.count ?? 0;
  };
  await until(async () => (await archived()) === count, {
    describe: `${count} decisions`,
    deadlineMs: 90_000,
  });
}
