import { parseLabel, type Label } from "@tollgate/contracts";
import type { Clock } from "@tollgate/runtime";
import type { PoolClient } from "pg";
import type { LedgerTable, LogPosition } from "./ledger-table.ts";
import { matchLabelled } from "./match-labels.ts";

interface LabelRow {
  readonly label: Label;
  readonly position: LogPosition;
}

/** A label is judged by the clock when it is taken over: one from the future is kept aside, unread. */
export function labelTable(clock: Clock): LedgerTable<LabelRow> {
  return {
    readRow(value, _text, position) {
      const parsed = parseLabel(value, clock.nowMs());
      if (parsed.ok) return { label: parsed.value, position };
      return parsed.faults.map(({ path, message }) => `${path} ${message}`).join("; ");
    },
    insert: insertLabels,
    match: (client, rows) =>
      matchLabelled(
        client,
        rows.map(({ label }) => label.transactionId),
      ),
  };
}

const insertSql = `
  insert into labels (label_id, transaction_id, fraud, source, labelled_at, pattern, partition, log_offset)
  select label_id, transaction_id, fraud, source, labelled_at, pattern, $7, log_offset
  from unnest(
    $1::text[], $2::text[], $3::boolean[], $4::text[], $5::timestamptz[], $6::text[], $8::bigint[]
  ) as batch (label_id, transaction_id, fraud, source, labelled_at, pattern, log_offset)
  on conflict (label_id) do nothing`;

async function insertLabels(client: PoolClient, rows: readonly LabelRow[]): Promise<number> {
  const column = <T>(pick: (label: Label) => T): T[] => rows.map(({ label }) => pick(label));
  const values = [
    column((label) => label.labelId),
    column((label) => label.transactionId),
    column((label) => label.fraud),
    column((label) => label.source),
    column((label) => label.labelledAt),
    column((label) => label.pattern ?? null),
    rows[0]?.position.partition,
    rows.map(({ position }) => position.offset.toString()),
  ];
  const result = await client.query({ name: "insert-labels", text: insertSql, values });
  return result.rowCount ?? 0;
}
