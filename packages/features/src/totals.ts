import type { BaseTransaction } from "@tollgate/contracts";
import type { AggregateFeature, Filter, Measure, Span, StateFeature } from "./definition.ts";
import { checkedSpanMs } from "./span.ts";

export type Statistic = "count" | "sum" | "squares" | "minimum" | "maximum" | "frauds";

/** The minimum of no transactions and, negated, their maximum. */
export const noMinimum: number = 2 ** 31 - 1;

/** One number that features are made of: a statistic of a window that ended `delayMs` ago. */
export interface Total<T extends BaseTransaction> {
  readonly statistic: Statistic;
  readonly measure: Measure<T> | undefined;
  /** Only what every one of them accepts. */
  readonly filters: readonly Filter<T>[];
  readonly windowMs: number;
  readonly delayMs: number;
  readonly source: TotalSource;
}

/**
 * `ring`: exact while the ring holds the window, else from tiles. `labels`: exact while the ring of labels
 * holds it too, so that frauds and transactions come from one kind of memory. `tiles`: always from tiles.
 */
export type TotalSource = "ring" | "labels" | "tiles";

/** The totals that a feature is made of, in the order in which its evaluator reads them. */
export function totalsOf<T extends BaseTransaction>(feature: StateFeature<T>): readonly Total<T>[] {
  switch (feature.kind) {
    case "aggregate":
      return totalsOfAggregate(feature);
    case "rate": {
      const { window, where, among } = feature;
      return [
        totalsOver<T>({ window, filters: given(where, among) })("count"),
        totalsOver<T>({ window, filters: given(among) })("count"),
      ];
    }
    case "ratio-to-normal":
    case "z-score": {
      const { window, measure, where } = feature;
      const of = totalsOver<T>({ window, measure, filters: given(where) });
      const needed = [of("count"), of("sum")];
      return feature.kind === "z-score" ? [...needed, of("squares")] : needed;
    }
    case "label-rate": {
      const { window, delay, where } = feature;
      const of = totalsOver<T>({ window, delay, filters: given(where) });
      const source = (feature.entity.recentLabels ?? 0) > 0 ? "labels" : "tiles";
      return [
        { ...of("count"), source },
        { ...of("frauds"), source },
      ];
    }
    case "distinct":
    case "top-category-share":
    case "first-seen":
    case "seconds-since-last":
    case "seconds-since-first":
    case "distance-since-last":
    case "speed-since-last":
      return [];
  }
}

/** Equal for totals that are one and the same. */
export function totalKey<T extends BaseTransaction>(total: Total<T>): string {
  const { windowMs, delayMs, source } = total;
  return `${columnKey(total)}/${windowMs}/${delayMs}/${source}`;
}

/** Equal for totals that are added up in one column. */
export function columnKey<T extends BaseTransaction>(
  total: Pick<Total<T>, "statistic" | "measure" | "filters">,
): string {
  return `${total.statistic}/${total.measure?.name ?? ""}/${total.filters.map(({ name }) => name).join("&")}`;
}

function totalsOfAggregate<T extends BaseTransaction>(feature: AggregateFeature<T>): readonly Total<T>[] {
  const { window, delay, measure, where, aggregate } = feature;
  const of = totalsOver<T>({ window, delay, measure, filters: given(where) });
  if (aggregate === "count" || aggregate === "sum") return [of(aggregate)];
  if (aggregate === "mean") return [of("count"), of("sum")];
  if (aggregate === "standard-deviation") return [of("count"), of("sum"), of("squares")];
  return [of("count"), of(aggregate)];
}

function totalsOver<T extends BaseTransaction>(span: {
  readonly window: Span;
  readonly delay?: Span | undefined;
  readonly measure?: Measure<T> | undefined;
  readonly filters: readonly Filter<T>[];
}): (statistic: Statistic) => Total<T> {
  const { filters } = span;
  const windowMs = checkedSpanMs(span.window);
  const delayMs = checkedSpanMs(span.delay);
  return (statistic) => {
    const measure = statistic === "count" || statistic === "frauds" ? undefined : span.measure;
    return { statistic, measure, filters, windowMs, delayMs, source: "ring" };
  };
}

/** In one order, so that two features that name the same two filters share their totals. */
function given<T extends BaseTransaction>(
  ...filters: readonly (Filter<T> | undefined)[]
): readonly Filter<T>[] {
  return filters
    .filter((filter) => filter !== undefined)
    .toSorted((first, second) => (first.name < second.name ? -1 : 1));
}

/** What a total is of no transactions; no measure reaches the two extremes. */
export function emptyTotal(statistic: Statistic | "bitmap"): number {
  if (statistic === "minimum") return noMinimum;
  return statistic === "maximum" ? -noMinimum : 0;
}
