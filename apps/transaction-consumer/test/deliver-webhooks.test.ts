import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { WebhookDelivery } from "@tollgate/contracts";
import type { ConsumedBatch } from "@tollgate/event-log";
import { jsonLogger, parseWebhookTargets, signWebhook } from "@tollgate/runtime";
import { createTelemetry } from "@tollgate/telemetry";
import { testClock } from "@tollgate/testkit";
import { expect, onTestFinished, test } from "vitest";
import { deliverWebhooks, type WebhookSender } from "../src/deliver-webhooks.ts";
import { consumerAppLimits } from "../src/limits.ts";

const secret = "a secret of this test";

interface Received {
  readonly path: string;
  readonly deliveryId: string;
  readonly signature: string;
  readonly body: string;
}

/** Answers each request with the status that it is told. */
async function startReceiver(statusOf: (request: Received, earlier: number) => number): Promise<{
  readonly origin: string;
  readonly received: Received[];
}> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => void parts.push(part));
    request.on("end", () => {
      const { "tollgate-delivery": deliveryId, "tollgate-signature": signature } = request.headers;
      const path = request.url ?? "";
      const one = {
        path,
        deliveryId: String(deliveryId),
        signature: String(signature),
        body: Buffer.concat(parts).toString(),
      };
      const earlier = received.filter((other) => other.path === path).length;
      received.push(one);
      response.writeHead(statusOf(one, earlier)).end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

interface Sending {
  readonly sender: WebhookSender;
  /** Length and time, since the start, of every pause. */
  readonly pauses: readonly number[];
  readonly logged: readonly Readonly<Record<string, unknown>>[];
  /** By result; those that are 0 are left out. */
  counts(): Promise<Readonly<Record<string, number>>>;
}

/** A sender whose pauses take no time but the clock's. */
function sendingTo(origin: string): Sending {
  const clock = testClock();
  const telemetry = createTelemetry({ processMetrics: false });
  const pauses: number[] = [];
  const logged: Readonly<Record<string, unknown>>[] = [];
  const sender: WebhookSender = {
    targets: parseWebhookTargets(origin).targets,
    secret,
    clock,
    pause: async (milliseconds) => {
      pauses.push(milliseconds);
      clock.advanceMs(milliseconds);
    },
    telemetry,
    logger: jsonLogger("test", {
      write: (line) => void logged.push(JSON.parse(line) as Readonly<Record<string, unknown>>),
    }),
  };
  return {
    sender,
    pauses,
    logged,
    async counts() {
      const series = /^tollgate_webhooks_total\{result="([a-z-]+)"\} (\d+)$/gmu;
      const all = [...(await telemetry.render()).matchAll(series)];
      const counted = all.map(([, result, count]) => [result, Number(count)] as const);
      return Object.fromEntries(counted.filter(([, count]) => count > 0));
    },
  };
}

function delivery(url: string, deliveryId: string): WebhookDelivery {
  return { schema: "tollgate.webhook.v1", deliveryId, url, body: JSON.stringify({ of: deliveryId }) };
}

function batchOf(values: readonly unknown[], abandoned = (): boolean => false): ConsumedBatch {
  const messages = values.map((value, index) => ({
    offset: BigInt(index),
    key: null,
    value: Buffer.from(JSON.stringify(value)),
    timestampMs: 0,
    headers: {},
  }));
  const highWatermark = BigInt(values.length);
  return { topic: "webhooks", partition: 0, messages, highWatermark, abandoned };
}

test("a receiver that never takes its webhook is given up, counted and logged; others are told", async () => {
  const { origin, received } = await startReceiver(({ path }) => (path.startsWith("/broken") ? 503 : 204));
  const { sender, pauses, logged, counts } = sendingTo(origin);
  const broken = delivery(`${origin}/broken?token=hidden`, "a/decided");
  const values = [broken, { schema: "another" }, delivery(`${origin}/fine`, "b/decided")];
  // Resolves: the offset is committed, and what was given up does not hold the topic.
  await deliverWebhooks(sender, batchOf(values));

  const attempts = received.filter(({ path }) => path.startsWith("/broken"));
  expect(attempts).toHaveLength(consumerAppLimits.webhookAttempts);
  expect(pauses).toEqual([500, 1_000, 2_000, 4_000]);
  let nowMs = testClock().nowMs();
  for (const [index, { deliveryId, body, signature }] of attempts.entries()) {
    expect([deliveryId, body]).toEqual([broken.deliveryId, broken.body]);
    expect(signature).toBe(signWebhook({ ...broken, secret, nowMs })["tollgate-signature"]);
    nowMs += pauses[index] ?? 0;
  }
  expect(received.filter(({ path }) => path === "/fine")).toHaveLength(1);
  expect(await counts()).toEqual({ failed: 4, "given-up": 1, delivered: 1 });
  expect(logged).toEqual([
    expect.objectContaining({ event: "not-a-webhook", offset: "1" }),
    expect.objectContaining({
      level: "error",
      event: "webhook-given-up",
      deliveryId: "a/decided",
      attempts: 5,
      message: "it answered 503",
    }),
  ]);
  // The receiver's path and query are a secret of its own.
  expect(JSON.stringify(logged)).not.toContain("hidden");
});

test("a receiver that refuses for good is given up at once", async () => {
  const { origin, received } = await startReceiver(() => 410);
  const { sender, pauses, logged, counts } = sendingTo(origin);
  await deliverWebhooks(sender, batchOf([delivery(`${origin}/gone`, "a/decided")]));
  expect([received.length, pauses]).toEqual([1, []]);
  expect(await counts()).toEqual({ "given-up": 1 });
  expect(logged).toMatchObject([{ event: "webhook-given-up", attempts: 1, message: "it answered 410" }]);
});

test("a receiver that nobody runs is given up after the same attempts", async () => {
  const origin = "http://127.0.0.1:1";
  const { sender, pauses, logged, counts } = sendingTo(origin);
  await deliverWebhooks(sender, batchOf([delivery(`${origin}/`, "a/decided")]));
  expect(pauses).toHaveLength(consumerAppLimits.webhookAttempts - 1);
  expect(await counts()).toEqual({ failed: 4, "given-up": 1 });
  expect(logged).toMatchObject([{ event: "webhook-given-up", origin, attempts: 5 }]);
});

test("a receiver that takes the last attempt has been told", async () => {
  const last = consumerAppLimits.webhookAttempts - 1;
  const { origin, received } = await startReceiver((_request, earlier) => (earlier < last ? 500 : 200));
  const { sender, logged, counts } = sendingTo(origin);
  await deliverWebhooks(sender, batchOf([delivery(`${origin}/slow`, "a/decided")]));
  expect(received).toHaveLength(consumerAppLimits.webhookAttempts);
  expect(await counts()).toEqual({ failed: 4, delivered: 1 });
  expect(logged).toEqual([]);
});

test("a batch that is taken away is not given up: it comes again, under the same ids", async () => {
  let healthy = false;
  const { origin, received } = await startReceiver(() => (healthy ? 204 : 503));
  const { sender, logged, counts } = sendingTo(origin);
  const values = [delivery(`${origin}/one`, "a/decided")];
  const taken = batchOf(values, () => received.length >= 2);
  await expect(deliverWebhooks(sender, taken)).rejects.toThrow("before all webhooks were sent");
  expect([await counts(), logged]).toEqual([{ failed: 2 }, []]);
  healthy = true;
  await deliverWebhooks(sender, batchOf(values));
  expect(await counts()).toEqual({ failed: 2, delivered: 1 });
  expect(new Set(received.map(({ deliveryId }) => deliveryId))).toEqual(new Set(["a/decided"]));
});

test("an origin that the operator has taken back is not asked", async () => {
  const { origin, received } = await startReceiver(() => 204);
  const { sender, counts } = sendingTo("https://other.example");
  await deliverWebhooks(sender, batchOf([delivery(`${origin}/`, "a/decided")]));
  expect([received, await counts()]).toEqual([[], { "not-allowed": 1 }]);
});
