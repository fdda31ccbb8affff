import { postWebhook, type Clock, type Logger } from "@tollgate/runtime";
import type { Telemetry } from "@tollgate/telemetry";
import type { Pool } from "pg";
import { driftMonitorLimits } from "./limits.ts";
import { pause } from "./pause.ts";
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
  const body = JSON.stringify({ type: "tollgate.drift.alert.v1", verdict });
  const failure = await postWebhook(
    { ...parts.webhook, body, deliveryId: verdictId },
    { nowMs: parts.clock.nowMs(), timeoutMs: driftMonitorLimits.webhookAttemptMs },
  );
  const error = failure?.message;
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
