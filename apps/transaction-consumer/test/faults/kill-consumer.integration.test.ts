import { createJsonProducer } from "@tollgate/event-log";
import { silentLogger } from "@tollgate/runtime";
import { serviceTest, until } from "@tollgate/testkit";
import { archivedCount, expectNothingLost, untilArchived } from "./expect-nothing-lost.ts";
import { kafkaMessage, simulatedPayments } from "./payments.ts";
import { createPlatform } from "./platform.ts";

serviceTest(
  "a consumer killed twice in mid-stream loses no transaction and counts none twice",
  async ({ kafka, kafkaBrokers, redis, redisUrl, postgres, postgresUrl, prefix, onTestFinished }) => {
    const platform = await createPlatform({ kafkaBrokers, redisUrl, postgresUrl, prefix });
    onTestFinished(() => platform.stop());
    const payments = simulatedPayments({ count: 12_000, seed: 11, prefix });
    const sides = { platform, prefix, kafka, redis, postgres, payments };
    const producer = createJsonProducer({
      kafka,
      topic: platform.topics.transactions,
      logger: silentLogger(),
    });
    await producer.send(payments.map(kafkaMessage));
    await producer.stop();
    await platform.startLedger();
    for (const share of [0.2, 0.6]) {
      const consumer = await platform.startConsumer();
      await until(async () => (await archivedCount(postgres)) > payments.length * share, {
        describe: `${share} of the stream decided`,
        deadlineMs: 60_000,
        intervalMs: 5,
      });
      await consumer.kill("SIGKILL");
    }
    await platform.startConsumer();
    await untilArchived(sides);
    await expectNothingLost(sides);
  },
);
