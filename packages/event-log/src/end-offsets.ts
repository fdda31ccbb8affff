import type { Admin } from "kafkajs";

/** The offset that the next record of each partition will get: a consumer that reaches it has seen all. */
export async function endOffsets(admin: Admin, topic: string): Promise<ReadonlyMap<number, bigint>> {
  const offsets = await admin.fetchTopicOffsets(topic);
  return new Map(offsets.map(({ partition, high }) => [partition, BigInt(high)]));
}
