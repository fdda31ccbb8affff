import { writeFileSync } from "node:fs";
import type { BaseTransaction } from "@tollgate/contracts";
import type { Engagement } from "@tollgate/engagement";
import { Redis } from "ioredis";
import { cutTransaction } from "../run/write-transactions.ts";
import { peerLimits } from "./limits.ts";

/** The file that the generators read (`JSON before the id, tab, JSON after it`), and a whole transaction. */
export async function writePeerData<T extends BaseTransaction>(options: {
  readonly engagement: Engagement<T>;
  readonly path: string;
  readonly idPrefix: string;
  readonly redisUrl: string;
}): Promise<string> {
  const { engagement, path, idPrefix, redisUrl } = options;
  const lines: string[] = [];
  const keys = new Set<string>();
  const stream = engagement.simulate({
    seed: 7,
    // A day ago: all of it is in the past, none of it is old.
    startMs: Date.now() - 86_400_000,
    customers: Math.ceil(peerLimits.transactions / 1.5),
    idPrefix,
  });
  let example = "";
  for (const { transaction } of stream) {
    if (lines.length >= peerLimits.transactions) break;
    const wire = engagement.transaction.toWire(transaction);
    const text = JSON.stringify(wire);
    const time = new Date(transaction.occurredAtMs).toISOString();
    const [before, between, after] = cutTransaction(text, { id: transaction.id, time });
    lines.push(`${before}\t${between}${time}${after}`);
    keys.add(`peer:card:${String(wire["cardId"])}`);
    keys.add(`peer:merchant:${String(wire["merchantId"])}`);
    example = text;
  }
  writeFileSync(path, `${lines.join("\n")}\n`);
  await writeRows([...keys], redisUrl);
  return example;
}

/** A row of 128 bytes for each card and merchant, the same in every run. */
async function writeRows(keys: readonly string[], redisUrl: string): Promise<void> {
  const redis = new Redis(redisUrl);
  const floats = 32;
  try {
    for (let from = 0; from < keys.length; from += 1_000) {
      const pipeline = redis.pipeline();
      for (const [index, key] of keys.slice(from, from + 1_000).entries()) {
        const row = Float32Array.from({ length: floats }, (_, at) => ((from + index + 1) * (at + 1)) % 97);
        pipeline.set(key, Buffer.from(row.buffer));
      }
      await pipeline.exec();
    }
  } finally {
    redis.disconnect();
  }
}
