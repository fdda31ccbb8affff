import type { BaseTransaction } from "@tollgate/contracts";
import { decodeClaim, encodeClaim } from "./claim.ts";
import type { FeatureStore, StoredDecision } from "./feature-store.ts";
import { redisKeys } from "./keys.ts";
import { decodeRow, encodeRow, versionBytes } from "./state-row.ts";

/**
 * The same store in a process's memory, byte for byte the same rows: for offline work and for tests of what
 * is built on it. Nothing expires. One contract suite holds it to the Redis store's behaviour.
 */
export function memoryFeatureStore<T extends BaseTransaction>(): FeatureStore<T> {
  const keys = redisKeys("");
  const values = new Map<string, Buffer>();
  const decisions = new Map<string, StoredDecision>();
  const progress = new Map<number, number>();
  return {
    recall: async (states, claims) => ({
      states: states.map(({ entity, key }) => {
        const bytes = values.get(keys.state(entity.name, key)) ?? null;
        return { row: bytes === null ? null : decodeRow(entity, bytes), versionBytes: versionBytes(bytes) };
      }),
      claims: claims.map(({ key, transactionId }) => {
        const bytes = values.get(keys.claim(key, transactionId));
        return bytes === undefined ? null : decodeClaim(bytes);
      }),
    }),
    remember: async (writes) =>
      writes.map((write) => {
        const address = keys.state(write.entity.name, write.key);
        const stored = versionBytes(values.get(address) ?? null);
        if (!stored.equals(write.expectedVersion)) return false;
        values.set(address, encodeRow(write.entity, write.row));
        for (const { transactionId, claim } of write.claims) {
          values.set(keys.claim(write.key, transactionId), encodeClaim(claim));
        }
        return true;
      }),
    readDecisions: async (transactionIds) => transactionIds.map((id) => decisions.get(id) ?? null),
    writeDecisions: async (entries) => {
      for (const { transactionId, place, answer } of entries) decisions.set(transactionId, { place, answer });
    },
    confirmLogged: async (claims) =>
      claims.map(({ transactionId }) => decisions.get(transactionId)?.place === "logged"),
    readProgress: async () => progress,
    writeProgress: async (partition, nextOffset) => {
      progress.set(partition, nextOffset);
    },
    ping: async () => {},
  };
}
