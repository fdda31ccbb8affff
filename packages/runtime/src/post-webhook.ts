import { signWebhook } from "./sign-webhook.ts";

export interface WebhookMessage {
  readonly url: string;
  readonly body: string;
  readonly deliveryId: string;
  readonly secret: string;
}

/** Why the receiver has not taken a message. */
export interface WebhookFailure {
  readonly message: string;
  /** It refuses this message, however often it is sent. */
  readonly final: boolean;
}

/** Statuses below 500 that say "later": timeout, too early, too many. */
const later = new Set([408, 425, 429]);

/** Sends once; undefined when the receiver has taken it (any 2xx). Never rejects. */
export async function postWebhook(
  { url, ...message }: WebhookMessage,
  options: { readonly nowMs: number; readonly timeoutMs: number },
): Promise<WebhookFailure | undefined> {
  const headers = signWebhook({ ...message, nowMs: options.nowMs });
  try {
    const response = await fetch(url, {
      method: "POST",
      body: message.body,
      headers: { ...headers },
      signal: AbortSignal.timeout(options.timeoutMs),
      // A redirect could lead anywhere: the receiver's own address is to be set.
      redirect: "manual",
    });
    const { status, ok } = response;
    await response.body?.cancel();
    if (ok) return undefined;
    return { message: `it answered ${status}`, final: status >= 300 && status < 500 && !later.has(status) };
  } catch (error) {
    const { cause, message: text } = error as Error;
    return { message: cause instanceof Error ? `${text}: ${cause.message}` : text, final: false };
  }
}
