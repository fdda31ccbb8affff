import type { DriftVerdict } from "@tollgate/contracts";
import type { Pool } from "pg";
import { driftMonitorLimits } from "../limits.ts";

export interface TakenAlert {
  readonly verdict: DriftVerdict;
  /** This attempt's number, from 1. */
  readonly attempt: number;
}

/**
 * Alerts whose time has come, for this monitor alone until the next attempt is due: one that dies while it
 * sends leaves the alert to be sent again, under the same verdict id.
 */
export async function takeAlerts(pool: Pool): Promise<readonly TakenAlert[]> {
  const { webhookBatch, webhookRetryFirstMs, webhookRetryLastMs } = driftMonitorLimits;
  const { rows } = await pool.query<{ verdict: DriftVerdict; attempts: number }>(
    `with taken as (
       update drift.alerts set
         attempts = attempts + 1,
         next_attempt_at = now() + least($2 * 2 ^ least(attempts, 20), $3) * interval '1 millisecond'
       where verdict_id in (
         select verdict_id from drift.alerts
         where delivered_at is null and gave_up_at is null and next_attempt_at <= now()
         order by next_attempt_at limit $1 for update skip locked
       )
       returning verdict_id, attempts
     )
     select v.verdict, t.attempts from taken t join drift.verdicts v using (verdict_id) order by v.until_at`,
    [webhookBatch, webhookRetryFirstMs, webhookRetryLastMs],
  );
  return rows.map(({ verdict, attempts }) => ({ verdict, attempt: attempts }));
}

export async function noteDelivered(pool: Pool, verdictId: string): Promise<void> {
  await pool.query("update drift.alerts set delivered_at = now(), last_error = null where verdict_id = $1", [
    verdictId,
  ]);
}

export async function noteFailed(
  pool: Pool,
  failed: { readonly verdictId: string; readonly error: string; readonly givesUp: boolean },
): Promise<void> {
  await pool.query(
    `update drift.alerts set last_error = $2, gave_up_at = case when $3 then now() end where verdict_id = $1`,
    [failed.verdictId, failed.error.slice(0, driftMonitorLimits.errorCharacters), failed.givesUp],
  );
}
