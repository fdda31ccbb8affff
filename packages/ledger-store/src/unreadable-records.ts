import type { PoolClient } from "pg";
import type { LogPosition } from "./ledger-table.ts";

/** A record that no row could be made of: kept as it came, so that it can be looked at and filed later. */
export interface UnreadableRecord {
  readonly position: LogPosition;
  readonly reason: string;
  readonly value: Buffer | null;
}

export async function keepUnreadable(client: PoolClient, record: UnreadableRecord): Promise<void> {
  const { topic, partition, offset } = record.position;
  await client.query(
    `insert into unreadable_records (topic, partition, log_offset, reason, value)
     values ($1, $2, $3, $4, $5) on conflict do nothing`,
    [topic, partition, offset.toString(), record.reason, record.value],
  );
}
