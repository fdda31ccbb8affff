import { isLabelledTransaction } from "@tollgate/contracts";
import { decodeJsonValue, endOffsets, readLog, type ConsumedBatch } from "@tollgate/event-log";
import type { PublishedLabel } from "@tollgate/ledger-store";
import type { Clock, Logger } from "@tollgate/runtime";
import type { Kafka } from "kafkajs";

/**
 * What the topic of labelled transactions holds from a sequence on. A record's offset is never less than its
 * sequence, so the offset of that number is where it reads from; usually there is nothing.
 * @throws when the topic is not there yet, or its end is not reached.
 */
export async function readPublished(options: {
  readonly kafka: Kafka;
  readonly topic: string;
  readonly from: number;
  readonly logger: Logger;
  readonly clock: Clock;
}): Promise<readonly PublishedLabel[]> {
  const { kafka, topic, from } = options;
  if ((await endOf(kafka, topic)) <= from) return [];
  const records: PublishedLabel[] = [];
  const handle = (batch: ConsumedBatch): Promise<void> => {
    for (const { value } of batch.messages) {
      const json = decodeJsonValue(value);
      if (!json.ok || !isLabelledTransaction(json.value)) continue;
      const { sequence, label, matchedAt } = json.value;
      if (sequence >= from) records.push({ sequence, label, matchedAt });
    }
    return Promise.resolve();
  };
  await readLog({ ...options, from: new Map([[0, BigInt(from)]]), handle });
  return records;
}

async function endOf(kafka: Kafka, topic: string): Promise<number> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return Number((await endOffsets(admin, topic)).get(0) ?? 0n);
  } finally {
    await admin.disconnect();
  }
}
