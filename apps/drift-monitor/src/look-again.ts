import type { LedgerReader } from "@tollgate/ledger-store";
import type { ClientBase } from "pg";
import { driftMonitorLimits } from "./limits.ts";

/** Looks the longest unlooked-at waiting labels up again; those whose decision has come are let go. */
export async function lookAgain(client: ClientBase, ledger: LedgerReader): Promise<number> {
  const { rows } = await client.query<{ label_id: string; transaction_id: string }>(
    `update drift.waiting_labels set looked_at = now()
     where label_id in (select label_id from drift.waiting_labels order by looked_at limit $1)
     returning label_id, transaction_id`,
    [driftMonitorLimits.waitingLabelsPerTurn],
  );
  const found: string[] = [];
  for (const { label_id, transaction_id } of rows) {
    if ((await ledger.findDecision(transaction_id)) !== null) found.push(label_id);
  }
  if (found.length > 0) {
    await client.query("delete from drift.waiting_labels where label_id = any($1::text[])", [found]);
  }
  return found.length;
}
