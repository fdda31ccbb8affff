import { isWebhookDelivery, type WebhookDelivery } from "@tollgate/contracts";
import { decodeJsonValue, type ConsumedBatch } from "@tollgate/event-log";
import { allowsWebhook, postWebhook, type Clock, type Logger, type WebhookTargets } from "@tollgate/runtime";
import type { Telemetry } from "@tollgate/telemetry";
import { consumerAppLimits } from "./limits.ts";

export interface WebhookSender {
  readonly targets: WebhookTargets;
  readonly secret: string;
  readonly clock: Clock;
  readonly pause: (milliseconds: number) => Promise<void>;
  readonly telemetry: Telemetry;
  readonly logger: Logger;
}

/**
 * Sends one batch, several at once. Each is tried a few times over about half a minute, then given up: the
 * decision can still be asked for. Rejects when the batch is taken away before all are done: it comes again.
 */
export async function deliverWebhooks(sender: WebhookSender, batch: ConsumedBatch): Promise<void> {
  const deliveries = batch.messages.flatMap(({ value, offset }) => {
    const json = decodeJsonValue(value);
    if (json.ok && isWebhookDelivery(json.value)) return [json.value];
    sender.logger.error("not-a-webhook", { partition: batch.partition, offset: String(offset) });
    return [];
  });
  const waiting = deliveries.values();
  const sendAll = async (): Promise<void> => {
    // One iterator for all: each takes the next delivery when it is done with its last one.
    for (const delivery of waiting) await deliver(sender, delivery, () => batch.abandoned());
  };
  await Promise.all(Array.from({ length: consumerAppLimits.webhooksAtOnce }, sendAll));
}

async function deliver(
  sender: WebhookSender,
  delivery: WebhookDelivery,
  abandoned: () => boolean,
): Promise<void> {
  const { url, body, deliveryId } = delivery;
  const { secret, telemetry } = sender;
  const count = telemetry.metrics.webhooks;
  if (!allowsWebhook(sender.targets, url)) {
    count({ result: "not-allowed" }).add();
    return;
  }
  let pauseMs: number = consumerAppLimits.webhookPauseFirstMs;
  for (let attempt = 1; ; attempt += 1) {
    if (abandoned()) throw new Error("the partition went on before all webhooks were sent");
    const failure = await postWebhook(
      { url, body, deliveryId, secret },
      { nowMs: sender.clock.nowMs(), timeoutMs: consumerAppLimits.webhookAttemptMs },
    );
    if (failure === undefined) {
      count({ result: "delivered" }).add();
      return;
    }
    if (failure.final || attempt >= consumerAppLimits.webhookAttempts) {
      count({ result: "given-up" }).add();
      const { origin } = new URL(url);
      const { message } = failure;
      sender.logger.error("webhook-given-up", { deliveryId, origin, attempts: attempt, message });
      return;
    }
    count({ result: "failed" }).add();
    await sender.pause(pauseMs);
    pauseMs *= 2;
  }
}
