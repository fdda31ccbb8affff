import { serviceTest, until } from "@tollgate/testkit";
import { expect } from "vitest";
import { expectNothingLost, untilArchived } from "./expect-nothing-lost.ts";
import { scoreAll } from "./http-client.ts";
import { simulatedPayments } from "./payments.ts";
import { createPlatform } from "./platform.ts";

serviceTest(
  "an API killed twice in mid-stream: every retried id gets one decision, and is counted once",
  async ({ kafka, kafkaBrokers, redis, redisUrl, postgres, postgresUrl, prefix, onTestFinished }) => {
    const platform = await createPlatform({ kafkaBrokers, redisUrl, postgresUrl, prefix });
    onTestFinished(() => platform.stop());
    const payments = simulatedPayments({ count: 4_000, seed: 12, prefix });
    const sides = { platform, prefix, kafka, redis, postgres, payments };
    await platform.startLedger();
    await platform.startConsumer();
    let api = await platform.startApi();
    let answered = 0;
    const scoring = scoreAll(platform, payments, {
      concurrency: 24,
      onAnswer: (count) => {
        answered = count;
      },
    });
    for (const share of [0.25, 0.6]) {
      await until(() => answered > payments.length * share, {
        describe: `${share} of the payments answered`,
        deadlineMs: 60_000,
        intervalMs: 5,
      });
      await api.kill("SIGKILL");
      api = await platform.startApi();
    }
    const answers = await scoring;
    expect(new Set(answers.map((answer) => answer.transactionId)).size).toBe(payments.length);
    await untilArchived(sides);
    await expectNothingLost(sides);
  },
);
