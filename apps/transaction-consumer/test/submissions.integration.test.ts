import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { engagement, type CardPayment } from "@tollgate/engagement-card-payments";
import { createJsonProducer } from "@tollgate/event-log";
import { signWebhook, silentLogger } from "@tollgate/runtime";
import { serviceTest, until } from "@tollgate/testkit";
import { expect } from "vitest";
import { consumerAppLimits } from "../src/limits.ts";
import { kafkaMessage, simulatedPayments } from "./faults/payments.ts";
import { createPlatform, type Platform } from "./faults/platform.ts";

const secret = "a secret of this test";
const patience = { deadlineMs: 120_000, intervalMs: 200 };

interface Received {
  readonly deliveryId: string;
  readonly signature: string;
  readonly body: string;
}

/** Refuses each message once with 503, and always on `/broken`. */
async function startReceiver(): Promise<{
  readonly origin: string;
  readonly received: Received[];
  stop(): void;
}> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => void parts.push(part));
    request.on("end", () => {
      const { "tollgate-delivery": deliveryId, "tollgate-signature": signature } = request.headers;
      const body = Buffer.concat(parts).toString();
      const known = received.some((one) => one.deliveryId === deliveryId);
      received.push({ deliveryId: String(deliveryId), signature: String(signature), body });
      response.writeHead(known && request.url !== "/broken" ? 204 : 503).end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function handIn(
  { apiUrl, apiKey }: Platform,
  payment: CardPayment,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return fetch(`${apiUrl}/v1/score/async`, {
    method: "POST",
    headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json", ...headers },
    body: JSON.stringify(engagement.transaction.toWire(payment)),
  });
}

/** At its address would be the decision on another card's. */
async function expectTaken(platform: Platform, payment: CardPayment): Promise<void> {
  const answer = await handIn(platform, payment);
  expect([answer.status, await answer.json()]).toMatchObject([409, { code: "TRANSACTION_ID_TAKEN" }]);
}

async function ask({ apiUrl, apiKey }: Platform, id: string): Promise<{ status: number; body: unknown }> {
  const headers = { authorization: `Bearer ${apiKey}` };
  const response = await fetch(`${apiUrl}/v1/decisions/${id}`, { headers });
  return { status: response.status, body: await response.json() };
}

serviceTest(
  "what is handed in is decided though the consumer comes later; its receiver is told, and else may ask",
  async ({ kafka, kafkaBrokers, redisUrl, redis, postgresUrl, prefix, onTestFinished }) => {
    await redis.ping();
    const receiver = await startReceiver();
    onTestFinished(() => receiver.stop());
    const webhooks = { TOLLGATE_WEBHOOK_TARGETS: receiver.origin, TOLLGATE_WEBHOOK_SECRET: secret };
    const names = { kafkaBrokers, redisUrl, postgresUrl, prefix };
    const platform = await createPlatform(names, webhooks);
    onTestFinished(() => platform.stop());
    // The ledger makes the tables that the API looks decisions up in.
    await platform.startLedger();
    const api = await platform.startApi();
    const [first, second, third] = simulatedPayments({ count: 3, seed: 41, prefix });
    if (first === undefined || second === undefined || third === undefined) throw new Error("three payments");

    const accepted = await handIn(platform, first, { "tollgate-webhook": `${receiver.origin}/hooks` });
    expect([accepted.status, accepted.headers.get("location")]).toEqual([202, `/v1/decisions/${first.id}`]);
    expect(await ask(platform, first.id)).toEqual({
      status: 202,
      body: { transactionId: first.id, state: "pending" },
    });
    const deaf = { "tollgate-webhook": `${receiver.origin}/broken` };
    expect((await handIn(platform, second, deaf)).status).toBe(202);
    // Accepted means durable: the process that took it is not needed any more.
    await api.kill("SIGKILL");
    await platform.startConsumer();
    await platform.startApi();
    for (const { id } of [first, second]) {
      await until(async () => (await ask(platform, id)).status === 200, { describe: id, ...patience });
    }
    const told = (id: string): readonly Received[] =>
      receiver.received.filter(({ deliveryId }) => deliveryId === `${id}/decided`);
    await until(() => told(first.id).length >= 2, { describe: "the webhook's second try", ...patience });
    const { body: decision } = await ask(platform, first.id);
    for (const { deliveryId, signature, body } of told(first.id)) {
      expect(JSON.parse(body)).toMatchObject({ type: "tollgate.decided.v1", transactionId: first.id });
      const seconds = Number(/^t=(\d+),/u.exec(signature)?.[1]);
      const expected = signWebhook({ body, deliveryId, secret, nowMs: seconds * 1000 });
      expect(signature).toBe(expected["tollgate-signature"]);
    }
    const message = JSON.parse(told(first.id)[0]?.body ?? "") as { decision: unknown };
    expect(message.decision).toMatchObject({ transactionId: first.id });
    expect(decision).toMatchObject({ transactionId: first.id });

    await expectTaken(platform, { ...third, id: first.id });
    // A version that the API had, and the consumer has not: rejected, and who asks is told why.
    const producer = createJsonProducer({
      kafka,
      topic: platform.topics.transactions,
      logger: silentLogger(),
    });
    onTestFinished(() => producer.stop());
    const headers = { "tollgate-submission": third.id, "tollgate-model": "card-payments@v9" };
    await producer.send([{ ...kafkaMessage(third), headers }]);
    await until(async () => (await ask(platform, third.id)).status === 422, {
      describe: "the rejection",
      ...patience,
    });
    expect((await ask(platform, third.id)).body).toMatchObject({ code: "SUBMISSION_REJECTED" });

    // Given up after its last attempt: what it would have been told is there for who asks.
    const { webhookAttempts } = consumerAppLimits;
    await until(() => told(second.id).length === webhookAttempts, {
      describe: "the last attempt",
      ...patience,
    });
    expect(await ask(platform, second.id)).toMatchObject({
      status: 200,
      body: { transactionId: second.id },
    });
  },
);
