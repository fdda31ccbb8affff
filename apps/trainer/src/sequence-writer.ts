import { open } from "node:fs/promises";
import type { BaseTransaction } from "@tollgate/contracts";
import type { SequenceSource } from "@tollgate/engagement";
import { lastEventMsOf, type EntityState } from "@tollgate/features";
import { trainerLimits } from "./limits.ts";

/** Writes of each transaction what its entity remembers: float32, little-endian, one row after the other. */
export interface SequenceWriter<T extends BaseTransaction> {
  /** Writes what was known before the transaction, then moves the memory on. */
  add(transaction: T): Promise<void>;
  finish(): Promise<void>;
}

/** Replaces the file. */
export async function createSequenceWriter<T extends BaseTransaction>(
  path: string,
  { entity, reader }: SequenceSource<T>,
): Promise<SequenceWriter<T>> {
  const file = await open(path, "w");
  const width = reader.slots * reader.channels;
  const rows = new Float32Array(width * trainerLimits.sequenceRows);
  const states = new Map<string, EntityState>();
  let filled = 0;
  const flush = async (): Promise<void> => {
    await file.write(new Uint8Array(rows.buffer, 0, filled * width * Float32Array.BYTES_PER_ELEMENT));
    filled = 0;
  };
  return {
    async add(transaction) {
      const key = entity.key(transaction);
      const state = states.get(key);
      const isOld =
        state !== undefined && lastEventMsOf(state) < transaction.occurredAtMs - entity.retentionMs;
      reader.read(transaction, isOld ? null : (state ?? null), rows, filled * width);
      filled += 1;
      const next = state ?? entity.empty();
      entity.apply(next, transaction);
      if (state === undefined) states.set(key, next);
      if (filled === trainerLimits.sequenceRows) await flush();
    },
    async finish() {
      await flush();
      await file.close();
    },
  };
}
