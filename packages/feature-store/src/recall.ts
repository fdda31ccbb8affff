import type { BaseTransaction } from "@tollgate/contracts";
import { decodeClaim, type Claim } from "./claim.ts";
import type { ClaimAddress, Recalled, RecalledState, StateAddress, StoredDecision } from "./feature-store.ts";
import { storedDecision } from "./first-decisions.ts";
import type { JoinedRead, JoinedValues } from "./join-reads.ts";
import { firstGeneration, type GenerationKeys, type Keys, type LayoutKeys } from "./keys.ts";
import { storeLimits } from "./limits.ts";
import { rowMemoryBytes, type RowCodec } from "./row-codec.ts";
import { versionBytes, type StateRow } from "./state-row.ts";
import type { StoreObserver } from "./store-observer.ts";

/** What a recall needs; shared by all of a store. */
export interface RecallContext {
  /** Reads keys, and with them the generation that is served. */
  readonly read: JoinedRead;
  readonly keys: Keys;
  /** Those of the layout that is read. */
  readonly layoutKeys: LayoutKeys;
  readonly rowCodec: RowCodec;
  readonly observer: StoreObserver;
  /** Keys of the generation last seen to be served. */
  served: GenerationKeys;
  /** For who builds a generation: read it whether it is served or not. */
  readonly fixed: boolean;
}

/** What is asked for. */
export interface Wanted<T extends BaseTransaction> {
  readonly states: readonly StateAddress<T>[];
  readonly claims: readonly ClaimAddress[];
}

/**
 * Reads states, claims and decisions with the keys of the generation that was served last, and in the same
 * trip which one is served now: only when it is another one, they are read again.
 */
export async function recall<T extends BaseTransaction>(
  context: RecallContext,
  wanted: Wanted<T>,
): Promise<Recalled> {
  for (let attempt = 1; attempt <= storeLimits.generationAttempts; attempt += 1) {
    const asked = context.served;
    const joined = await context.read(keysOf(context, wanted), memoryBytesOf(wanted));
    const served = context.fixed ? asked.generation : generationOf(joined.values[0]);
    if (served === asked.generation) return decode(context, wanted, { joined, generation: served });
    if (served !== context.served.generation) {
      context.served = context.layoutKeys.inGeneration(served);
      context.observer.generationChanged(served);
    }
  }
  throw new Error(`the generation that is served changed ${storeLimits.generationAttempts} times in a read`);
}

/** The number stored as the current generation; absent in a store that was never rebuilt. */
export function generationOf(value: Buffer | null | undefined): number {
  if (value === null || value === undefined) return firstGeneration;
  const generation = Number(value.toString("latin1"));
  if (Number.isSafeInteger(generation) && generation >= firstGeneration) return generation;
  throw new Error(`the store names "${value.toString("latin1")}" as its generation, which is no number`);
}

function keysOf<T extends BaseTransaction>(
  { served, keys: shared }: RecallContext,
  wanted: Wanted<T>,
): readonly string[] {
  const keys: string[] = [];
  for (const { entity, key } of wanted.states) keys.push(served.state(entity.name, key));
  for (const { key, transactionId } of wanted.claims) {
    keys.push(served.claim(key, transactionId), shared.decision(transactionId));
  }
  return keys;
}

function decode<T extends BaseTransaction>(
  context: RecallContext,
  wanted: Wanted<T>,
  read: { readonly joined: JoinedValues; readonly generation: number },
): Recalled {
  const { values, offset, memory } = read.joined;
  const states: RecalledState[] = [];
  let at = offset;
  for (const { entity } of wanted.states) {
    const bytes = values[at] ?? null;
    at += 1;
    const decoded = bytes === null ? null : context.rowCodec.decode(entity, bytes, memory);
    const refused = typeof decoded === "string";
    if (refused) context.observer.rowRefused({ entity: entity.name, reason: decoded });
    states.push(new ReadState(refused ? null : decoded, bytes));
  }
  const claims: (Claim | null)[] = [];
  const decisions: (StoredDecision | null)[] = [];
  for (let count = wanted.claims.length; count > 0; count -= 1) {
    const bytes = values[at] ?? null;
    claims.push(bytes === null ? null : decodeClaim(bytes));
    decisions.push(storedDecision(values[at + 1] ?? null));
    at += 2;
  }
  return { generation: read.generation, states, claims, decisions };
}

function memoryBytesOf<T extends BaseTransaction>({ states }: Wanted<T>): number {
  let byteLength = 0;
  for (const { entity } of states) byteLength += rowMemoryBytes(entity);
  return byteLength;
}

/** Most states are only read: what compare-and-set needs is cut out when it is asked for. */
class ReadState implements RecalledState {
  readonly row: StateRow | null;
  readonly #bytes: Buffer | null;
  constructor(row: StateRow | null, bytes: Buffer | null) {
    this.row = row;
    this.#bytes = bytes;
  }
  get versionBytes(): Buffer {
    return versionBytes(this.#bytes);
  }
}
