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
  /** Exact history: the latest transactions, with what is remembered of each. 0 for hot entities. */
  readonly recentCapacity: number;
  /**
   * Exact label rates: the latest transactions that a label came for, by their own time; 0 (the default) for
   * rates from tiles. A rate is exact while these and the recent transactions reach over window and delay.
   */
  readonly recentLabels?: number;
  /** Tiles that a window is cut into at least, 12 (the default) to 60: the error is one tile's content. */
  readonly tilesPerWindow?: number;
}

/** A span of time, from `1m` to `90d`: minutes, hours or days. */
export type Span = `${number}${"m" | "h" | "d"}`;

/** Name of one of the transaction's own fields. */
export type FieldName<T extends BaseTransaction> = keyof T & string;

interface Meaning {
  readonly name: string;
  /** Raise it when the function changes what it means: a model trained on the old meaning is then refused. */
  readonly revision?: number;
}

/** A quantity of a transaction, in its unit; summed, averaged, compared. */
export interface Measure<T extends BaseTransaction> extends Meaning {
  readonly unit: string;
  /** The smallest difference that counts (0.01 for cents): states hold whole multiples of it. */
  readonly step: number;
  /** Not a number (or infinite) counts as 0. */
  readonly of: (transaction: T) => number;
}

/** Restricts a feature to some of the entity's transactions (`not_present`). */
export interface Filter<T extends BaseTransaction> extends Meaning {
  readonly accepts: (transaction: T) => boolean;
}

/** A name computed of a transaction, remembered as a 32-bit hash; undefined for none. */
export interface Category<T extends BaseTransaction> extends Meaning {
  readonly of: (transaction: T) => string | undefined;
}

/** A text field of the transaction by its name, or a computed one. */
export type CategoryField<T extends BaseTransaction> = FieldName<T> | Category<T>;

/** Where a transaction happened, in degrees: two fields, and when they count. */
export interface Place<T extends BaseTransaction> extends Meaning {
  readonly latitude: FieldName<T>;
  readonly longitude: FieldName<T>;
  /** Whose place counts, of the past ones and of the present one. */
  readonly where?: Filter<T>;
}

/** Values outside are counted by a guard; null is no limit. */
export interface ValueRange {
  readonly min: number | null;
  readonly max: number | null;
}

/** What a feature holds when it cannot be known: a number that trees split off, or NaN. */
export type MissingValue = number | "not-a-number";

/** The default of {@link MissingValue}: below everything that is counted. */
export const missingValue = -1;

/** What every feature has. */
export interface FeatureCommon {
  readonly unit: string;
  /** Generated from the definition where none is given. */
  readonly description: string | undefined;
  readonly range: ValueRange;
  readonly missing: MissingValue;
  /** The last part of the name, where it is not generated. */
  readonly name: string | undefined;
  /** Where it was defined, `file:line`: for errors only. */
  readonly definedAt: string;
}

interface EntityFeature<T extends BaseTransaction> extends FeatureCommon {
  readonly entity: EntityDefinition<T>;
}

interface FilteredFeature<T extends BaseTransaction> extends EntityFeature<T> {
  /** Of the entity's transactions only those that it accepts count; all without one. */
  readonly where: Filter<T> | undefined;
}

/** From the transaction alone. */
export interface TransactionFeature<T extends BaseTransaction> extends FeatureCommon {
  readonly kind: "transaction";
  readonly name: string;
  readonly revision: number | undefined;
  readonly value: (transaction: T) => number | undefined;
}

export type Aggregate = "count" | "sum" | "mean" | "standard-deviation" | "minimum" | "maximum";

export interface AggregateFeature<T extends BaseTransaction> extends FilteredFeature<T> {
  readonly kind: "aggregate";
  readonly aggregate: Aggregate;
  readonly measure: Measure<T> | undefined;
  readonly window: Span;
  /** The window ends this long before the transaction. */
  readonly delay: Span | undefined;
  readonly includesCurrent: boolean;
}

/** Share of the window's transactions that a filter accepts. */
export interface RateFeature<T extends BaseTransaction> extends EntityFeature<T> {
  readonly kind: "rate";
  readonly where: Filter<T>;
  /** What it is a share of: the transactions that this accepts; all without one. */
  readonly among: Filter<T> | undefined;
  readonly window: Span;
  readonly includesCurrent: boolean;
}

/** This transaction's measure, accepted or not, against the entity's accepted transactions before it. */
export interface NormalFeature<T extends BaseTransaction> extends FilteredFeature<T> {
  readonly kind: "ratio-to-normal" | "z-score";
  readonly measure: Measure<T>;
  readonly window: Span;
}

export interface CategoryFeature<T extends BaseTransaction> extends FilteredFeature<T> {
  readonly kind: "distinct" | "top-category-share";
  readonly category: CategoryField<T>;
  readonly window: Span;
  readonly includesCurrent: boolean;
}

export interface FirstSeenFeature<T extends BaseTransaction> extends FilteredFeature<T> {
  readonly kind: "first-seen";
  readonly category: CategoryField<T>;
}

export interface ElapsedFeature<T extends BaseTransaction> extends FilteredFeature<T> {
  readonly kind: "seconds-since-last" | "seconds-since-first";
}

export interface TravelFeature<T extends BaseTransaction> extends EntityFeature<T> {
  readonly kind: "distance-since-last" | "speed-since-last";
  readonly place: Place<T>;
}

/** Share of fraud among the transactions of a window that ended `delay` ago, as far as labels arrived. */
export interface LabelRateFeature<T extends BaseTransaction> extends FilteredFeature<T> {
  readonly kind: "label-rate";
  readonly window: Span;
  readonly delay: Span;
}

/** From other features of the vector; missing when one of them is, but where `takesMissing`. */
export interface DerivedFeature<T extends BaseTransaction> extends FeatureCommon {
  readonly kind: "derived";
  readonly name: string;
  readonly operation: "ratio" | "difference" | "computed";
  /** Full names (`card@v1:count_1h`), or the definitions themselves. */
  readonly inputs: readonly (string | FeatureDefinition<T>)[];
  readonly revision: number | undefined;
  /** The function is called with the values that stand for missing inputs. */
  readonly takesMissing?: boolean;
  readonly value: (first: number, second: number, third: number, fourth: number) => number;
}

export type FeatureDefinition<T extends BaseTransaction> =
  | TransactionFeature<T>
  | AggregateFeature<T>
  | RateFeature<T>
  | NormalFeature<T>
  | CategoryFeature<T>
  | FirstSeenFeature<T>
  | ElapsedFeature<T>
  | TravelFeature<T>
  | LabelRateFeature<T>
  | DerivedFeature<T>;

/** A feature that reads an entity's state. */
export type StateFeature<T extends BaseTransaction> = Exclude<
  FeatureDefinition<T>,
  { readonly kind: "transaction" | "derived" }
>;

/** An entity's latest transactions one by one: what a model reads that looks back over them. */
export interface SequenceDefinition<T extends BaseTransaction> {
  readonly entity: EntityDefinition<T>;
  /** Of each transaction, in their units; how many seconds ago it was comes before them. */
  readonly measures: readonly Measure<T>[];
  /** 1 where the filter accepted it, else 0. */
  readonly filters: readonly Filter<T>[];
  /** 1 where it had the value that the present transaction has, else 0. */
  readonly sameCategories: readonly CategoryField<T>[];
  readonly definedAt: string;
}

export interface FeatureSetDefinition<T extends BaseTransaction> {
  readonly entities: readonly EntityDefinition<T>[];
  /** The order is the vector's. */
  readonly features: readonly FeatureDefinition<T>[];
  /** Read only where a model is loaded that asks for it; not part of the recorded vector. */
  readonly sequence?: SequenceDefinition<T>;
}
