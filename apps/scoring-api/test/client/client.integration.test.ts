import { createClient, type Label, type LineAnswer, type Transaction } from "@tollgate/client";
import { engagement } from "@tollgate/engagement-card-payments";
import { migrate } from "@tollgate/ledger-store";
import { freePort, serviceTest, spawnApp } from "@tollgate/testkit";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished } from "vitest";
import { paymentStream, spawnApi } from "../support/spawned-api.ts";

/** As much time as may be asked for: a slow machine must not answer without the model. */
const patient = { deadlineMs: 5_000 };

serviceTest(
  "the typed client scores, streams, hands in and waits, labels and looks up, against a real API",
  async ({ kafkaBrokers, redisUrl, redis, prefix, postgres, postgresUrl }) => {
    // Asked for so that what this test writes is deleted after it.
    await redis.ping();
    await migrate(postgres);
    const services = { kafkaBrokers, redisUrl, prefix };
    await startConsumer(services);
    const api = await spawnApi(services, { TOLLGATE_POSTGRES_URL: postgresUrl });
    const key = api.authorization.authorization.slice("Bearer ".length);
    const client = createClient({ url: api.url, key, timeoutMs: 60_000 });
    const payment = paymentStream(prefix, 41);
    const next = (): Transaction => engagement.transaction.toWire(payment()) as unknown as Transaction;

    const one = next();
    const { decision, repeated } = await client.score(one, patient);
    expect([decision.transactionId, repeated]).toEqual([one.id, false]);
    const again = await client.score(one, patient);
    expect(again.decision.score).toBe(decision.score);
    expect(await client.findDecision(one.id)).toMatchObject({ decision: decision.decision });

    const results = await client.scoreBatch([next(), { ...next(), amountMinor: -1 }], patient);
    expect(results.map(({ status }) => status)).toEqual([200, 400]);

    const sent = Array.from({ length: 600 }, next);
    const answers: LineAnswer[] = [];
    for await (const answer of client.scoreLines(sent, patient)) answers.push(answer);
    expect(answers.map(({ line }) => line)).toEqual(sent.map((_, index) => index + 1));
    const decided = answers.map((answer) =>
      "answer" in answer ? answer.answer.transactionId : answer.problem.code,
    );
    expect(decided).toEqual(sent.map(({ id }) => id));

    const label: Label = {
      labelId: `${prefix}label`,
      transactionId: one.id,
      fraud: true,
      source: "chargeback",
      labelledAt: new Date().toISOString(),
    };
    expect(await client.addLabels([label])).toBe(1);

    const [model] = await client.models();
    expect(model).toMatchObject({ name: "card-payments", serves: true, accelerator: "cpu" });
    expect((await client.model("card-payments")).inputs[0]?.datatype).toBe("FP32");

    const later = next();
    expect(await client.scoreLater(later)).toEqual({ transactionId: later.id, state: "pending" });
    const found = await client.waitForDecision(later.id, { withinMs: 150_000 });
    expect(found.transactionId).toBe(later.id);

    expect(await readmeExample(api.url, key)).toMatch(
      /^(?:approve|review|decline) [\d.]+\n1 200\n2 200\n1 label\n$/u,
    );

    const refused = client.score({ ...next(), currency: "XXX" as "EUR" });
    const faults = [{ path: "/currency" }];
    await expect(refused).rejects.toMatchObject({ code: "INVALID_TRANSACTION", retryable: false, faults });
  },
);

/** Runs the README's example as it stands there; its output. */
async function readmeExample(url: string, key: string): Promise<string> {
  const client = new URL("../../../../packages/client/", import.meta.url);
  const readme = readFileSync(new URL("README.md", client), "utf8");
  const [, example = ""] = /```ts\n(.*?)```/su.exec(readme) ?? [];
  const folder = mkdtempSync(join(tmpdir(), "tollgate-example-"));
  try {
    const file = join(folder, "example.mts");
    writeFileSync(
      file,
      example.replace('"@tollgate/client"', JSON.stringify(new URL("src/index.ts", client).href)),
    );
    const { stdout } = await promisify(execFile)(process.execPath, [file, url, key]);
    return stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function startConsumer(services: {
  readonly kafkaBrokers: readonly string[];
  readonly redisUrl: string;
  readonly prefix: string;
}): Promise<void> {
  const outbox = mkdtempSync(join(tmpdir(), "tollgate-consumer-"));
  const port = await freePort();
  const app = await spawnApp({
    readyUrl: `http://127.0.0.1:${port}/readyz`,
    entry: new URL("../../../transaction-consumer/src/main.ts", import.meta.url).pathname,
    environment: {
      TOLLGATE_KAFKA_BROKERS: services.kafkaBrokers.join(","),
      TOLLGATE_REDIS_URL: services.redisUrl,
      TOLLGATE_REDIS_PREFIX: services.prefix,
      TOLLGATE_TOPIC_PREFIX: services.prefix,
      TOLLGATE_OUTBOX_FOLDER: outbox,
      TOLLGATE_GROUP_PREFIX: services.prefix,
      TOLLGATE_CONSUMER_HTTP_PORT: String(port),
    },
  });
  onTestFinished(async () => {
    await app.stop();
    rmSync(outbox, { recursive: true, force: true });
  });
}
