import { createJsonProducer, connectKafka } from "@tollgate/event-log";
import { silentLogger } from "@tollgate/runtime";
import { serviceTest, startOwnKafka, until } from "@tollgate/testkit";
import { expect } from "vitest";
import { expectNothingLost, untilArchived } from "./expect-nothing-lost.ts";
import { scoreAll } from "./http-client.ts";
import { kafkaMessage, simulatedPayments } from "./payments.ts";
import { createPlatform } from "./platform.ts";

serviceTest(
  "Kafka killed in mid-stream: HTTP goes on through the outbox, and afterwards nothing is lost or doubled",
  async ({ redis, redisUrl, postgres, postgresUrl, prefix, onTestFinished }) => {
    const broker = await startOwnKafka("faults");
    onTestFinished(() => broker.stop());
    const kafka = connectKafka({ brokers: broker.brokers, clientId: "test", logger: silentLogger() });
    const platform = await createPlatform({
      kafkaBrokers: broker.brokers,
      redisUrl,
      postgresUrl,
      prefix,
    });
    onTestFinished(() => platform.stop());
    const payments = simulatedPayments({ count: 6_000, seed: 13, prefix });
    const sides = { platform, prefix, kafka, redis, postgres, payments };
    // Whole cards by one way each: two ways would race for the order of a card's payments, which is allowed.
    const cards = [...new Set(payments.map((payment) => payment.cardId))];
    const byHttp = new Set(cards.filter((_card, position) => position % 3 === 0));
    const httpPayments = payments.filter((payment) => byHttp.has(payment.cardId));
    const kafkaPayments = payments.filter((payment) => !byHttp.has(payment.cardId));
    await platform.startLedger();
    await platform.startConsumer();
    await platform.startApi();
    const producer = createJsonProducer({
      kafka,
      topic: platform.topics.transactions,
      logger: silentLogger(),
    });
    onTestFinished(() => producer.stop());
    const half = Math.floor(kafkaPayments.length / 2);
    await producer.send(kafkaPayments.slice(0, half).map(kafkaMessage));
    let answered = 0;
    const scoring = scoreAll(platform, httpPayments, {
      concurrency: 8,
      onAnswer: (count) => {
        answered = count;
      },
    });
    await until(() => answered > httpPayments.length * 0.2, { describe: "a fifth answered", intervalMs: 5 });
    await broker.kill();
    const answeredBefore = answered;
    const rest = producer.send(kafkaPayments.slice(half).map(kafkaMessage));
    await until(() => answered > answeredBefore + httpPayments.length * 0.2, {
      describe: "HTTP answers while Kafka is away",
      deadlineMs: 60_000,
    });
    await broker.restart();
    const answers = await scoring;
    await rest;
    expect(answers.some((answer) => answer.degraded.includes("event-log"))).toBe(true);
    await untilArchived(sides);
    await expectNothingLost(sides);
  },
);
