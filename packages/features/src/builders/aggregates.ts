import type { BaseTransaction } from "@tollgate/contracts";
import type {
  Aggregate,
  AggregateFeature,
  EntityDefinition,
  Filter,
  Measure,
  RateFeature,
  Span,
} from "../definition.ts";
import { commonOf, type FeatureOptions, type WindowOptions } from "./feature-options.ts";

export interface DelayOptions<T extends BaseTransaction> extends WindowOptions<T> {
  /** The window ends this long before the transaction: `{ delay: "7d" }`. */
  readonly delay?: Span;
}

/** How many transactions the entity had in the window, this one included unless told otherwise. */
export function count<T extends BaseTransaction>(
  entity: EntityDefinition<T>,
  window: Span,
  options: DelayOptions<T> = {},
): AggregateFeature<T> {
  return aggregate("count", { entity, measure: undefined, window, options });
}

/** Sum of a measure over the window, this transaction included unless told otherwise. */
export function sum<T extends BaseTransaction>(
  entity: EntityDefinition<T>,
  measure: Measure<T>,
  window: Span,
  options: DelayOptions<T> = {},
): AggregateFeature<T> {
  return aggregate("sum", { entity, measure, window, options });
}

/** Mean of a measure over the window, this transaction included unless told otherwise; missing for none. */
export function mean<T extends BaseTransaction>(
  entity: EntityDefinition<T>,
  measure: Measure<T>,
  window: Span,
  options: DelayOptions<T> = {},
): AggregateFeature<T> {
  return aggregate("mean", { entity, measure, window, options });
}

/** Standard deviation (divided by n) over the window, this transaction included; missing for fewer than 2. */
export function standardDeviation<T extends BaseTransaction>(
  entity: EntityDefinition<T>,
  measure: Measure<T>,
  window: Span,
  options: WindowOptions<T> = {},
): AggregateFeature<T> {
  return aggregate("standard-deviation", { entity, measure, window, options });
}

/** Smallest value of a measure in the window, this transaction included; missing for none. */
export function minimum<T extends BaseTransaction>(
  entity: EntityDefinition<T>,
  measure: Measure<T>,
  window: Span,
  options: WindowOptions<T> = {},
): AggregateFeature<T> {
  return aggregate("minimum", { entity, measure, window, options });
}

/** Largest value of a measure in the window, this transaction included; missing for none. */
export function maximum<T extends BaseTransaction>(
  entity: EntityDefinition<T>,
  measure: Measure<T>,
  window: Span,
  options: WindowOptions<T> = {},
): AggregateFeature<T> {
  return aggregate("maximum", { entity, measure, window, options });
}

export interface RateOptions<T extends BaseTransaction> extends FeatureOptions {
  /** The share is of the transactions that this accepts: `rate(card, small, "7d", { among: online })`. */
  readonly among?: Filter<T>;
  /** Whether the transaction that is scored counts: true unless told. */
  readonly includesCurrent?: boolean;
}

/** Share of the window's transactions that the filter accepts, this one included; missing for none. */
export function rate<T extends BaseTransaction>(
  entity: EntityDefinition<T>,
  where: Filter<T>,
  window: Span,
  options: RateOptions<T> = {},
): RateFeature<T> {
  const { among, includesCurrent = true } = options;
  const common = commonOf(options, { unit: "share", min: 0, max: 1 });
  return Object.freeze({ ...common, kind: "rate", entity, where, among, window, includesCurrent });
}

function aggregate<T extends BaseTransaction>(
  name: Aggregate,
  parts: {
    readonly entity: EntityDefinition<T>;
    readonly measure: Measure<T> | undefined;
    readonly window: Span;
    readonly options: DelayOptions<T>;
  },
): AggregateFeature<T> {
  const { entity, measure, window, options } = parts;
  const { where, delay, includesCurrent = delay === undefined } = options;
  const positive = measure === undefined || name === "standard-deviation";
  const common = commonOf(options, {
    unit: measure?.unit ?? "transactions",
    ...(positive ? { min: 0 } : {}),
  });
  return Object.freeze({
    ...common,
    kind: "aggregate",
    aggregate: name,
    entity,
    measure,
    where,
    window,
    delay,
    includesCurrent,
  });
}
