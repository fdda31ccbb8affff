import {
  transactionHeaders,
  type Rejection,
  type WebhookBody,
  type WebhookDelivery,
} from "@tollgate/contracts";
import type { ConsumedMessage, JsonMessage, JsonProducer } from "@tollgate/event-log";
import type { SubmissionBook } from "@tollgate/feature-store";
import { allowsWebhook, type Logger, type WebhookTargets } from "@tollgate/runtime";
import type { Scored } from "@tollgate/scoring";
import type { Telemetry } from "@tollgate/telemetry";

/** What a record's headers ask for beside a decision. */
export interface Submitted {
  /** Its transaction id, when it was handed in by HTTP. */
  readonly submission: string | undefined;
  readonly model: string | undefined;
  readonly webhook: string | undefined;
}

/** What became of a record. */
export interface Settled {
  readonly submitted: Submitted;
  readonly outcome: Scored | Rejection;
}

export function submittedOf({ headers }: Pick<ConsumedMessage, "headers">): Submitted {
  const text = (name: string): string | undefined => {
    const value = headers[name];
    return value === undefined || Array.isArray(value) ? undefined : value.toString();
  };
  return {
    submission: text(transactionHeaders.submission),
    model: text(transactionHeaders.model),
    webhook: text(transactionHeaders.webhook),
  };
}

export interface SettleParts {
  readonly submissions: SubmissionBook;
  readonly webhooks: JsonProducer;
  readonly targets: WebhookTargets;
  readonly telemetry: Telemetry;
  readonly logger: Logger;
}

/**
 * Notes rejections for who asks, and puts what callers want to be told on the topic of webhooks. Resolves
 * when that is durable; the same batch again tells the same under the same delivery ids.
 */
export async function settleSubmissions(parts: SettleParts, settled: readonly Settled[]): Promise<void> {
  const rejections = settled.flatMap(({ submitted: { submission: transactionId }, outcome }) => {
    if (transactionId === undefined || "json" in outcome) return [];
    // What becomes of an id that is taken, the card that has it asks.
    return outcome.reason === "TRANSACTION_ID_TAKEN" ? [] : [{ transactionId, rejection: outcome }];
  });
  if (rejections.length > 0) {
    // Redis holds up nobody's transactions: who asks is told by the dead letter's webhook, or nothing yet.
    await parts.submissions.reject(rejections).catch((error: unknown) => {
      parts.logger.warn("submissions-not-noted", { count: rejections.length, message: String(error) });
    });
  }
  const deliveries = settled.flatMap((one) => deliveryOf(parts, one));
  if (deliveries.length > 0) await parts.webhooks.send(deliveries);
}

/** The list of targets is asked here too: others than the API may write to the topic. */
function deliveryOf(parts: SettleParts, { submitted, outcome }: Settled): JsonMessage[] {
  const { webhook: url, submission } = submitted;
  if (url === undefined) return [];
  const transactionId = "json" in outcome ? outcome.answer.transactionId : submission;
  if (transactionId === undefined) return [];
  if (!allowsWebhook(parts.targets, url)) {
    parts.telemetry.metrics.webhooks({ result: "not-allowed" }).add();
    return [];
  }
  const body: WebhookBody =
    "json" in outcome
      ? { type: "tollgate.decided.v1", transactionId, decision: outcome.answer }
      : { type: "tollgate.rejected.v1", transactionId, rejection: outcome };
  const delivery: WebhookDelivery = {
    schema: "tollgate.webhook.v1",
    deliveryId: `${transactionId}/${"json" in outcome ? "decided" : "rejected"}`,
    url,
    body: JSON.stringify(body),
  };
  return [{ key: transactionId, value: JSON.stringify(delivery) }];
}
