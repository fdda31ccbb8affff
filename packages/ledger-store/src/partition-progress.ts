import type { PoolClient } from "pg";

/** Identifies a partition of the log. */
export interface PartitionName {
  readonly topic: string;
  readonly partition: number;
}

/** The next offset to take over; its row stays locked until the transaction ends: two writers never mix. */
export async function lockNextOffset(client: PoolClient, of: PartitionName): Promise<bigint> {
  const key = [of.topic, of.partition];
  await client.query({
    name: "ensure-offset",
    text: "insert into consumer_offsets values ($1, $2, 0) on conflict do nothing",
    values: key,
  });
  const { rows } = await client.query<{ next_offset: string }>({
    name: "lock-offset",
    text: "select next_offset from consumer_offsets where topic = $1 and partition = $2 for update",
    values: key,
  });
  return BigInt(rows[0]?.next_offset ?? 0);
}

export async function setNextOffset(client: PoolClient, of: PartitionName, next: bigint): Promise<void> {
  await client.query({
    name: "set-offset",
    text: "update consumer_offsets set next_offset = $3 where topic = $1 and partition = $2",
    values: [of.topic, of.partition, next.toString()],
  });
}
