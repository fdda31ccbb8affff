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
  const { lines, keys, example } = peerTransactions(options.engagement, {
    count: peerLimits.transactions,
    idPrefix: options.idPrefix,
    nowMs: Date.now(),
  });
  writeFileSync(options.path, `${lines.join("\n")}\n`);
  await writeRows(keys, options.redisUrl);
  return example;
}

/** Simulated transactions of which the last one is of a minute ago, and the rows that they read. */
export function peerTransactions<T extends BaseTransaction>(
  engagement: Engagement<T>,
  options: { readonly count: number; readonly idPrefix: string; readonly nowMs: number },
): { readonly lines: readonly string[]; readonly keys: readonly string[]; readonly example: string } {
  const { count, idPrefix, nowMs } = options;
  const customers = Math.ceil(count / 1.5);
  const stream = engagement.simulate({ seed: 7, startMs: nowMs - 7 * 86_400_000, customers, idPrefix });
  const transactions: T[] = [];
  for (const { transaction } of stream) {
    if (transactions.push(transaction) === count) break;
  }
  // How long so many take depends on the weekday: moved as a whole, none of them lies in the future.
  const laterMs = nowMs - 60_000 - (transactions.at(-1)?.occurredAtMs ?? 0);
  const keys = new Set<string>();
  let example = "";
  const lines = transactions.map((transaction) => {
    const { id, occurredAtMs } = transaction;
    const wire = engagement.transaction.toWire(transaction);
    const time = new Date(occurredAtMs).toISOString();
    const [before, between, after] = cutTransaction(JSON.stringify(wire), { id, time });
    const moved = new Date(occurredAtMs + laterMs).toISOString();
    example = `${before}${id}${between}${moved}${after}`;
    keys.add(`peer:card:${String(wire["cardId"])}`);
    keys.add(`peer:merchant:${String(wire["merchantId"])}`);
    return `${before}\t${between}${moved}${after}`;
  });
  return { lines, keys: [...keys], example };
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
