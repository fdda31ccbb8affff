import type { DeadLetterReason } from "./dead-letter.ts";
import type { DecisionAnswer } from "./decision-record.ts";
import type { Fault } from "./fault.ts";

/** Kafka headers of a transaction that say more than the transaction itself. */
export const transactionHeaders = {
  /** Its id: it was handed in by HTTP, and somebody may ask what became of it. */
  submission: "tollgate-submission",
  /** Reference of the model version that is to decide; absent for the one that serves everybody. */
  model: "tollgate-model",
  /** URL that is told of the outcome. */
  webhook: "tollgate-webhook",
} as const;

/** Why a transaction that was handed in has no decision. */
export interface Rejection {
  readonly reason: DeadLetterReason;
  readonly faults: readonly Fault[];
}

/** What is known of a transaction that was handed in and is not decided. */
export type Submission = { readonly state: "pending" } | ({ readonly state: "rejected" } & Rejection);

/** Body of a webhook. */
export type WebhookBody =
  | {
      readonly type: "tollgate.decided.v1";
      readonly transactionId: string;
      readonly decision: DecisionAnswer;
    }
  | { readonly type: "tollgate.rejected.v1"; readonly transactionId: string; readonly rejection: Rejection };

/** What `fraud.webhooks.v1` carries: a message that is to be sent. */
export interface WebhookDelivery {
  readonly schema: "tollgate.webhook.v1";
  /** Names what is told: sent again it has the same one. */
  readonly deliveryId: string;
  readonly url: string;
  /** {@link WebhookBody} as JSON. */
  readonly body: string;
}

/** Whether a value of unknown origin is one. */
export function isWebhookDelivery(value: unknown): value is WebhookDelivery {
  if (typeof value !== "object" || value === null) return false;
  const { schema, deliveryId, url, body } = value as Partial<Record<keyof WebhookDelivery, unknown>>;
  const texts = [deliveryId, url, body];
  return schema === "tollgate.webhook.v1" && texts.every((text) => typeof text === "string");
}
