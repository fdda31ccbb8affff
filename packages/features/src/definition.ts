import type { BaseTransaction } from "@tollgate/contracts";

/** Something with memory: a card, a merchant, a terminal. */
export interface EntityDefinition<T extends BaseTransaction> {
  readonly name: string;
  readonly description: string;
  /** Version of the view on this entity; part of every feature's name (`card@v1:count_1h`). */
  readonly version: number;
  /**
   * `transactional`: read, reduced and compare-and-set inside the request: the next score sees this one.
   * `streamed`: updated from the decision log, a moment later: for entities with a thousand events a second.
   */
  readonly consistency: "transactional" | "streamed";
  readonly key: (transaction: T) => string;
  /** A state whose last event is older is `OUTSIDE_MAX_AGE` at read, and expires in the store. */
  readonly retentionDays: number;
  /** Exact history: the last transactions, with what is remembered of each. 0 for hot, streamed entities. */
  readonly recentCapacity: number;
}

/** Windows on offer. Up to a day they are tiled by the hour or finer, beyond by the day. */
export type Window = "10m" | "1h" | "6h" | "24h" | "7d" | "30d";

/** A quantity of a transaction, in its unit; summed, averaged, compared. */
export interface Measure<T extends BaseTransaction> {
  readonly name: string;
  readonly unit: string;
  readonly of: (transaction: T) => number;
}

/** Restricts an aggregate to some transactions (`card-not-present`). */
export interface Filter<T extends BaseTransaction> {
  readonly name: string;
  readonly accepts: (transaction: T) => boolean;
}

/** A name remembered of a transaction as a 32-bit hash: a merchant, a device, a country. */
export interface Category<T extends BaseTransaction> {
  readonly name: string;
  readonly of: (transaction: T) => string | undefined;
}

/** Where a transaction happened, in degrees; undefined when it has no place. */
export type Place<T extends BaseTransaction> = (
  transaction: T,
) => { readonly latitude: number; readonly longitude: number } | undefined;

interface FeatureBase {
  readonly description: string;
  readonly unit: string;
}

/** From the transaction alone. */
export interface TransactionFeature<T extends BaseTransaction> extends FeatureBase {
  readonly kind: "transaction";
  readonly name: string;
  readonly value: (transaction: T) => number;
}

/** `count` and `sum` include this transaction; `mean` and `max` are of it and those before. */
export interface AggregateFeature<T extends BaseTransaction> extends FeatureBase {
  readonly kind: "aggregate";
  readonly entity: string;
  readonly aggregate: "count" | "sum" | "mean";
  readonly measure?: Measure<T>;
  readonly filter?: Filter<T>;
  readonly window: Window;
}

/** How many different values among the remembered transactions of the window, this one included. */
export interface DistinctFeature<T extends BaseTransaction> extends FeatureBase {
  readonly kind: "distinct";
  readonly entity: string;
  readonly category: Category<T>;
  readonly window: Window;
}

/** 1 when none of the remembered transactions had this value, 0 when one had, missing without history. */
export interface FirstSeenFeature<T extends BaseTransaction> extends FeatureBase {
  readonly kind: "first-seen";
  readonly entity: string;
  readonly category: Category<T>;
}

/** Seconds since the entity's last transaction before this one. */
export interface TimeSinceFeature extends FeatureBase {
  readonly kind: "time-since-last";
  readonly entity: string;
}

/** Great-circle kilometres from the last place, or kilometres an hour since then. */
export interface TravelFeature<T extends BaseTransaction> extends FeatureBase {
  readonly kind: "distance-since-last" | "speed-since-last";
  readonly entity: string;
  readonly place: Place<T>;
}

/** This transaction's measure against the entity's own 30 days before it: ratio to the mean. */
export interface RatioFeature<T extends BaseTransaction> extends FeatureBase {
  readonly kind: "ratio-to-normal";
  readonly entity: string;
  readonly measure: Measure<T>;
}

export type FeatureDefinition<T extends BaseTransaction> =
  | TransactionFeature<T>
  | AggregateFeature<T>
  | DistinctFeature<T>
  | FirstSeenFeature<T>
  | TimeSinceFeature
  | TravelFeature<T>
  | RatioFeature<T>;

export interface FeatureSetDefinition<T extends BaseTransaction> {
  readonly entities: readonly EntityDefinition<T>[];
  /** The order is the model's input order. */
  readonly features: readonly FeatureDefinition<T>[];
}

/** What a feature holds when it cannot be known (no history, no place): trees split it off, rules see it. */
export const missingValue = -1;
