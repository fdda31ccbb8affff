import type { BaseTransaction } from "@tollgate/contracts";
import {
  emptyRow,
  type Claim,
  type FeatureStore,
  type StateAddress,
  type StateRow,
} from "@tollgate/feature-store";
import type { CompiledEntity } from "@tollgate/features";
import { ReplayError } from "./errors.ts";
import { replayLimits } from "./limits.ts";

/** A state that is being built, and what must be written with it. */
export interface CachedState {
  readonly row: StateRow;
  claims: { readonly transactionId: string; readonly claim: Claim }[] | undefined;
  readonly expectedVersion: Buffer;
}

/** The states of a generation that only its builder writes: those used lately in memory, all in the store. */
export interface StateCache<T extends BaseTransaction> {
  /** Null when it must be fetched first. */
  readonly get: (entity: number, key: string) => CachedState | null;
  /** Brings these into memory; those that the store does not have begin empty. */
  readonly fetch: (addresses: readonly CacheAddress[]) => Promise<void>;
  /** Writes out what has not been used lately when there are too many. Between two batches only. */
  readonly trim: () => Promise<void>;
  /** Writes everything out; memory is empty then. */
  readonly flush: () => Promise<void>;
  readonly entities: readonly CompiledEntity<T>[];
}

export interface CacheAddress {
  /** Position of the entity in the feature set. */
  readonly entity: number;
  readonly key: string;
}

type Shelf = Map<string, CachedState>[];

/**
 * Two shelves: what is used moves to the young one; when that is half the limit, the old one is written out
 * and the young one becomes old. No order is kept, so a use costs one Map look-up.
 * @param store the generation that is built; nobody else writes it.
 */
export function createStateCache<T extends BaseTransaction>(
  store: FeatureStore<T>,
  options: {
    readonly entities: readonly CompiledEntity<T>[];
    readonly generation: number;
    readonly cachedStates?: number;
    /** Throws when this builder may not write any more. */
    readonly assertMine: () => void;
  },
): StateCache<T> {
  const { entities, cachedStates = replayLimits.cachedStates } = options;
  const emptyShelf = (): Shelf => entities.map(() => new Map());
  let young = emptyShelf();
  let old = emptyShelf();
  let youngStates = 0;
  let wroteAny = false;
  const keep = (entity: number, key: string, state: CachedState): void => {
    young[entity]?.set(key, state);
    youngStates += 1;
  };
  const writeOut = async (shelf: Shelf): Promise<void> => {
    for (const [position, states] of shelf.entries()) {
      const entity = entities[position];
      if (entity === undefined || states.size === 0) continue;
      wroteAny = true;
      await writeStates(store, { entity, states, ...options });
      states.clear();
    }
  };
  return {
    entities,
    get(entity, key) {
      const known = young[entity]?.get(key);
      if (known !== undefined) return known;
      const older = old[entity]?.get(key);
      if (older === undefined) return null;
      old[entity]?.delete(key);
      keep(entity, key, older);
      return older;
    },
    async fetch(addresses) {
      for (let from = 0; from < addresses.length; from += replayLimits.storeReads) {
        const part = addresses.slice(from, from + replayLimits.storeReads);
        // Until the first write there is nothing to read.
        const versions = wroteAny ? await readStates(store, entities, part) : undefined;
        for (const [position, { entity: at, key }] of part.entries()) {
          const entity = entities[at];
          if (entity === undefined) continue;
          const found = versions?.[position];
          const row = found?.row ?? emptyRow(entity);
          keep(at, key, { row, claims: undefined, expectedVersion: found?.versionBytes ?? absent });
        }
      }
    },
    async trim() {
      if (youngStates < cachedStates / 2) return;
      await writeOut(old);
      old = young;
      young = emptyShelf();
      youngStates = 0;
    },
    async flush() {
      await writeOut(old);
      await writeOut(young);
      youngStates = 0;
    },
  };
}

const absent = Buffer.alloc(0);

async function readStates<T extends BaseTransaction>(
  store: FeatureStore<T>,
  entities: readonly CompiledEntity<T>[],
  part: readonly CacheAddress[],
): Promise<Awaited<ReturnType<FeatureStore<T>["recall"]>>["states"]> {
  const addresses = part.flatMap(({ entity: at, key }): StateAddress<T>[] => {
    const entity = entities[at];
    return entity === undefined ? [] : [{ entity, key }];
  });
  return (await store.recall(addresses, [])).states;
}

async function writeStates<T extends BaseTransaction>(
  store: FeatureStore<T>,
  work: {
    readonly entity: CompiledEntity<T>;
    readonly states: ReadonlyMap<string, CachedState>;
    readonly generation: number;
    readonly assertMine: () => void;
  },
): Promise<void> {
  const { entity, generation } = work;
  const all = [...work.states];
  for (let from = 0; from < all.length; from += replayLimits.storeWrites) {
    work.assertMine();
    const writes = all
      .slice(from, from + replayLimits.storeWrites)
      .map(([key, { row, claims = [], expectedVersion }]) => ({ entity, key, expectedVersion, row, claims }));
    const written = await store.remember(writes, generation);
    if (written.every((one) => one)) continue;
    throw new ReplayError("GENERATION_WRITTEN_BY_ANOTHER", `generation ${generation}, entity ${entity.name}`);
  }
}
