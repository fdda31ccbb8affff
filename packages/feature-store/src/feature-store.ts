import type { BaseTransaction } from "@tollgate/contracts";
import type { CompiledEntity } from "@tollgate/features";
import type { Claim } from "./claim.ts";
import type { StateRow } from "./state-row.ts";

/** One state to read. */
export interface StateAddress<T extends BaseTransaction> {
  readonly entity: CompiledEntity<T>;
  readonly key: string;
}

/** Whether a transaction was counted before. `key` is that of its transactional entity. */
export interface ClaimAddress {
  readonly key: string;
  readonly transactionId: string;
}

/** A state as read, with what compare-and-set will compare. */
export interface RecalledState {
  /** Null when there is none, or one that was refused (of another layout, or damaged). */
  readonly row: StateRow | null;
  readonly versionBytes: Buffer;
}

export interface Recalled {
  /** The generation that was read; what is written on top of it goes there. */
  readonly generation: number;
  /** In the order asked for. */
  readonly states: readonly RecalledState[];
  readonly claims: readonly (Claim | null)[];
  /** For each claim, the first decision that is kept of its transaction, by whichever layout it was made. */
  readonly decisions: readonly (StoredDecision | null)[];
}

/** A new state, written only if the stored one is still the one that was read. */
export interface StateWrite<T extends BaseTransaction> {
  readonly entity: CompiledEntity<T>;
  readonly key: string;
  readonly expectedVersion: Buffer;
  readonly row: StateRow;
  /** Written with the state in one atomic step: the transactions that it counts for the first time. */
  readonly claims: readonly { readonly transactionId: string; readonly claim: Claim }[];
}

/** `logged`: seen in, or acknowledged by, the decision log. `outbox`: durable here, on its way there. */
export type DecisionPlace = "logged" | "outbox";

export interface StoredDecision {
  readonly place: DecisionPlace;
  /** `keyMark` of the partition key that it was made for; null where a build kept it that noted none. */
  readonly mark: string | null;
  /** The answer as JSON. */
  readonly answer: string;
}

export interface DecisionEntry {
  readonly transactionId: string;
  /** Key of the transactional entity. */
  readonly partitionKey: string;
  readonly place: DecisionPlace;
  readonly answer: string;
}

/**
 * The online store of entity states. Every method is one round trip (in a cluster: one request to each node,
 * in parallel) and rejects when the store is away. States, claims, progress and generations are those of one
 * layout; decisions are shared by all.
 */
export interface FeatureStore<T extends BaseTransaction> {
  /** Digest of the layouts of the feature set's states: names the key space that this store works in. */
  readonly layout: string;
  /**
   * Reads states and claims of the generation that is served, and which of the claims' transactions are
   * decided, in one round trip; in two when another generation has taken over since the last one.
   */
  recall(states: readonly StateAddress<T>[], claims: readonly ClaimAddress[]): Promise<Recalled>;
  /**
   * Compare-and-set of each write by itself; false where another writer was first.
   * @param generation that of the recall which the writes follow.
   */
  remember(writes: readonly StateWrite<T>[], generation: number): Promise<readonly boolean[]>;
  readDecisions(transactionIds: readonly string[]): Promise<readonly (StoredDecision | null)[]>;
  /** Keeps first decisions for the idempotency window. */
  writeDecisions(entries: readonly DecisionEntry[]): Promise<void>;
  /**
   * For decisions that were seen in the log: whether each is already kept as logged. Their claims are kept no
   * longer than the idempotency window from now on.
   */
  confirmLogged(claims: readonly ClaimAddress[]): Promise<readonly boolean[]>;
  /** Next offset of the decision log that is not applied yet to the generation served, by partition. */
  readProgress(): Promise<ReadonlyMap<number, number>>;
  /** @param generation the one whose states the log was applied to. */
  writeProgress(partition: number, nextOffset: number, generation: number): Promise<void>;
  /** The generation that is served, 1 in an empty store; of a view on one generation, that one. */
  readGeneration(): Promise<number>;
  /** Serves another generation from the next recall of every process on; false when `from` is not served. */
  switchGeneration(move: { readonly from: number; readonly to: number }): Promise<boolean>;
  /**
   * Deletes the states, claims and progress of a generation in small steps.
   * @param onProgress is told after each step how many keys are gone so far.
   * @returns how many keys there were.
   * @throws when it is the generation that is served.
   */
  dropGeneration(generation: number, onProgress?: (deletedKeys: number) => void): Promise<number>;
  /** The same store, reading one generation whether it is served or not: for who builds the next one. */
  inGeneration(generation: number): FeatureStore<T>;
  /** Resolves when the store answers; rejects with the reason when it does not. */
  ping(): Promise<void>;
}
