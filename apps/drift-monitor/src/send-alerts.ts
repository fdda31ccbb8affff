import type { DriftVerdict } from "@tollgate/contracts";
import type { Clock, Logger } from "@tollgate/runtime";
import type { Telemetry } from "@tollgate/telemetry";
import type { Pool } from "pg";
import { driftMonitorLimits } from "./limits.ts";
import { pause } from "./pause.ts";
import { signWebhook } from "./sign-webhook.ts";
import { noteDelivered, noteFailed, takeAlerts, type TakenAlert } from "./store/alert-store.ts";

export interface AlertParts {
  readonly pool: Pool;
  readonly webhook: { readonly url: string; readonly secret: string };
  readonly telemetry: Telemetry;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** Tells of drifted windows by webhook, at least once; every monitor may, each alert is taken by one. */
export function sendAlerts(parts: AlertParts): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const loop = (async () => {
    while (!stopping.signal.aborted) {
      try {
        for (const alert of await takeAlerts(parts.pool)) await deliver(alert, parts);
      } catch (error) {
        parts.logger.warn("drift-alerts-not-read", { message: (error as Error).message });
      }
      await pause(driftMonitorLimits.webhookPollMs, stopping.signal);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await loop;
    },
  };
}

async function deliver({ verdict, attempt }: TakenAlert, parts: AlertParts): Promise<void> {
  const { pool, telemetry, logger } = parts;
  const { verdictId } = verdict;
  const error = await post(verdict, parts);
  if (error === undefined) {
    await noteDelivered(pool, verdictId);
    telemetry.metrics.driftWebhooks({ result: "delivered" }).add();
    return;
  }
  const givesUp = attempt >= driftMonitorLimits.webhookAttempts;
  await noteFailed(pool, { verdictId, error, givesUp });
  telemetry.metrics.driftWebhooks({ result: givesUp ? "given-up" : "failed" }).add();
  logger.warn("drift-alert-not-delivered", { verdict: verdictId, attempt, givesUp, message: error });
}

/** What went wrong; undefined when the receiver has taken it. */
async function post(verdict: DriftVerdict, { webhook, clock }: AlertParts): Promise<string | undefined> {
  const body = JSON.stringify({ type: "tollgate.drift.alert.v1", verdict });
  const { secret, url } = webhook;
  const headers = signWebhook({ body, deliveryId: verdict.verdictId, secret, nowMs: clock.nowMs() });
  try {
    const signal = AbortSignal.timeout(driftMonitorLimits.webhookAttemptMs);
    // A redirect could lead anywhere: the receiver's own address is to be set.
    const response = await fetch(url, {
      method: "POST",
      body,
      headers: { ...headers },
      signal,
      redirect: "manual",
    });
    await response.body?.cancel();
    return response.ok ? undefined : `it answered ${response.status}`;
  } catch (error) {
    const { cause, message } = error as Error;
    return cause instanceof Error ? `${message}: ${cause.message}` : message;
  }
}
