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
  /** Null when there is none, or one of another layout. */
  readonly row: StateRow | null;
  readonly versionBytes: Buffer;
}

export interface Recalled {
  /** In the order asked for. */
  readonly states: readonly RecalledState[];
  readonly claims: readonly (Claim | null)[];
}

/** A new state, written only if the stored version is still the one that was read. */
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
  /** The answer as JSON. */
  readonly answer: string;
}

export interface DecisionEntry {
  readonly transactionId: string;
  readonly place: DecisionPlace;
  readonly answer: string;
}

/** The online store of entity states. Every method is one round trip and rejects when the store is away. */
export interface FeatureStore<T extends BaseTransaction> {
  /** Reads states and claims in one round trip. */
  recall(states: readonly StateAddress<T>[], claims: readonly ClaimAddress[]): Promise<Recalled>;
  /** Compare-and-set of each write by itself; false where another writer was first. */
  remember(writes: readonly StateWrite<T>[]): Promise<readonly boolean[]>;
  readDecisions(transactionIds: readonly string[]): Promise<readonly (StoredDecision | null)[]>;
  /** Keeps first decisions for the idempotency window. */
  writeDecisions(entries: readonly DecisionEntry[]): Promise<void>;
  /**
   * For decisions that were seen in the log: whether each is already kept as logged. Their claims are kept no
   * longer than the idempotency window from now on.
   */
  confirmLogged(claims: readonly ClaimAddress[]): Promise<readonly boolean[]>;
  /** Next offset of the decision log that is not applied yet, by partition. */
  readProgress(): Promise<ReadonlyMap<number, number>>;
  writeProgress(partition: number, nextOffset: number): Promise<void>;
  /** Resolves when the store answers; rejects with the reason when it does not. */
  ping(): Promise<void>;
}
