import type { HistoryActor, HistoryEntry, HistoryLink } from "./history-link.ts";
import type { ChainVerdict } from "./verify-chain.ts";

/** The version that an alias names. */
export interface AliasTarget {
  readonly version: number;
  /** Root digest of the version that was approved; undefined where only the number is kept. */
  readonly digest: string | undefined;
}

/** An actor as far as it is known; the book says what it takes for the rest. */
export type PartialActor = { readonly [Key in keyof HistoryActor]?: HistoryActor[Key] | undefined };

/** Where aliases point to, and how they came there. */
export interface AliasBook {
  /** Where this is, as messages name it. */
  readonly location: string;
  aliases(model: string): Promise<ReadonlyMap<string, AliasTarget>>;
  /** Rejects when whoever has opened the registry may not read; everything that reads the book asks it. */
  assertMayRead(): Promise<void>;
  /** Rejects when the actor may not publish, before anything is written. */
  assertMayPublish(actor: PartialActor): Promise<void>;
  /** Notes what happened; undefined where that kind is not kept. Rejects when the actor may not do it. */
  append(entry: HistoryEntry, actor: PartialActor): Promise<HistoryLink | undefined>;
  /** From the first link on. */
  links(): AsyncIterable<HistoryLink>;
  /** The move that decided where the alias pointed to at that time: RFC 3339. */
  decidedAt(query: {
    readonly model: string;
    readonly alias: string;
    readonly at: string;
  }): Promise<HistoryLink | undefined>;
  verify(expectedHead?: string): Promise<ChainVerdict>;
  close(): Promise<void>;
}
