import type { BaseTransaction } from "@tollgate/contracts";
import type { CompiledEntity } from "@tollgate/features";
import { decodeClaim, encodeClaim } from "./claim.ts";
import type { FeatureStore, StoredDecision } from "./feature-store.ts";
import { keyMark } from "./key-mark.ts";
import { firstGeneration, redisKeys } from "./keys.ts";
import { layoutDigest } from "./layout-digest.ts";
import { createRowCodec } from "./row-codec.ts";
import { versionBytes } from "./state-row.ts";
import { silentStoreObserver, type StoreObserver } from "./store-observer.ts";

export interface MemoryStoreOptions<T extends BaseTransaction> {
  /** All of the feature set, to be named in records as the Redis store would; it has one key space anyway. */
  readonly entities?: readonly CompiledEntity<T>[];
  readonly observer?: StoreObserver;
}

interface Memory {
  readonly layout: string;
  readonly values: Map<string, Buffer>;
  readonly decisions: Map<string, StoredDecision>;
  /** By generation and partition. */
  readonly progress: Map<number, Map<number, number>>;
  generation: number;
}

/**
 * The same store in a process's memory, byte for byte the same rows: for offline work and for tests of what
 * is built on it. Nothing expires. One contract suite holds it to the Redis store's behaviour.
 */
export function memoryFeatureStore<T extends BaseTransaction>(
  options: MemoryStoreOptions<T> = {},
): FeatureStore<T> {
  const { entities = [], observer = silentStoreObserver } = options;
  const memory: Memory = {
    layout: layoutDigest(entities),
    values: new Map(),
    decisions: new Map(),
    progress: new Map(),
    generation: firstGeneration,
  };
  return storeOn<T>(memory, observer);
}

function storeOn<T extends BaseTransaction>(
  memory: Memory,
  observer: StoreObserver,
  fixed?: number,
): FeatureStore<T> {
  const { values, decisions, progress } = memory;
  const keys = redisKeys("").inLayout(memory.layout);
  const rowCodec = createRowCodec();
  const current = (): number => fixed ?? memory.generation;
  return {
    layout: memory.layout,
    recall: async (states, claims) => {
      const generation = keys.inGeneration(current());
      return {
        generation: generation.generation,
        states: states.map(({ entity, key }) => {
          const bytes = values.get(generation.state(entity.name, key)) ?? null;
          const decoded = bytes === null ? null : rowCodec.decode(entity, bytes);
          if (typeof decoded !== "string") return { row: decoded, versionBytes: versionBytes(bytes) };
          observer.rowRefused({ entity: entity.name, reason: decoded });
          return { row: null, versionBytes: versionBytes(bytes) };
        }),
        claims: claims.map(({ key, transactionId }) => {
          const bytes = values.get(generation.claim(key, transactionId));
          return bytes === undefined ? null : decodeClaim(bytes);
        }),
        decisions: claims.map(({ transactionId }) => decisions.get(transactionId) ?? null),
      };
    },
    remember: async (writes, number) =>
      writes.map((write) => {
        const generation = keys.inGeneration(number);
        const address = generation.state(write.entity.name, write.key);
        const stored = versionBytes(values.get(address) ?? null);
        if (!stored.equals(write.expectedVersion)) return false;
        values.set(address, rowCodec.encode(write.entity, write.row));
        for (const { transactionId, claim } of write.claims) {
          values.set(generation.claim(write.key, transactionId), encodeClaim(claim));
        }
        return true;
      }),
    readDecisions: async (transactionIds) => transactionIds.map((id) => decisions.get(id) ?? null),
    writeDecisions: async (entries) => {
      for (const { transactionId, partitionKey, place, answer } of entries) {
        const mark = keyMark(partitionKey);
        const kept = decisions.get(transactionId)?.mark ?? mark;
        if (kept === mark) decisions.set(transactionId, { place, mark, answer });
      }
    },
    confirmLogged: async (claims) =>
      claims.map(({ transactionId }) => decisions.get(transactionId)?.place === "logged"),
    readProgress: async () => new Map(progress.get(current())),
    writeProgress: async (partition, nextOffset, generation) => {
      progress.set(generation, new Map(progress.get(generation)).set(partition, nextOffset));
    },
    readGeneration: async () => current(),
    switchGeneration: async ({ from, to }) => {
      if (memory.generation !== from) return false;
      memory.generation = to;
      observer.generationChanged(to);
      return true;
    },
    dropGeneration: async (generation, onProgress) => dropGeneration(memory, generation, onProgress),
    inGeneration: (generation) => storeOn<T>(memory, observer, generation),
    ping: async () => {},
  };
}

function dropGeneration(
  memory: Memory,
  generation: number,
  onProgress: (deletedKeys: number) => void = () => {},
): number {
  if (memory.generation === generation) {
    throw new Error(`generation ${generation} is the one that is served: switch to another one first`);
  }
  const begin = redisKeys("").inLayout(memory.layout).inGeneration(generation).pattern.slice(0, -1);
  const found = [...memory.values.keys()].filter((key) => key.startsWith(begin));
  for (const key of found) memory.values.delete(key);
  const deleted = found.length + (memory.progress.delete(generation) ? 1 : 0);
  if (deleted > 0) onProgress(deleted);
  return deleted;
}
