import { createHmac } from "node:crypto";

/** Headers of a signed webhook; a receiver computes the same over what it got. */
export interface WebhookHeaders {
  readonly "content-type": "application/json";
  /** Names what is told: a message that comes again has the same one. */
  readonly "tollgate-delivery": string;
  /** `t=<Unix seconds>,v1=<hex>`: HMAC-SHA-256 of `<t>.<body>` under the shared secret. */
  readonly "tollgate-signature": string;
}

/** The time is part of what is signed, so that an old message cannot be sent again. */
export function signWebhook(message: {
  readonly body: string;
  readonly deliveryId: string;
  readonly secret: string;
  readonly nowMs: number;
}): WebhookHeaders {
  const seconds = Math.floor(message.nowMs / 1000);
  const signature = createHmac("sha256", message.secret).update(`${seconds}.${message.body}`).digest("hex");
  return {
    "content-type": "application/json",
    "tollgate-delivery": message.deliveryId,
    "tollgate-signature": `t=${seconds},v1=${signature}`,
  };
}
