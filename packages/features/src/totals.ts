import type { BaseTransaction } from "@tollgate/contracts";
import type { Filter, Measure, Span, StateFeature } from "./definition.ts";
import { checkedSpanMs } from "./span.ts";

export type Statistic = "count" | "sum" | "squares" | "minimum" | "maximum" | "frauds";

/** The minimum of no transactions and, negated, their maximum. */
export const noMinimum: number = 2 ** 31 - 1;

/** One number that features are made of: a statistic of a window that ended `delayMs` ago. */
export interface Total<T extends BaseTransaction> {
  readonly statistic: Statistic;
  readonly measure: Measure<T> | undefined;
  readonly where: Filter<T> | undefined;
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
    case "aggregate": {
      const of = totalsOver(feature.window, feature.delay, feature.measure, feature.where);
      if (feature.aggregate === "count" || feature.aggregate === "sum") return [of(feature.aggregate)];
      if (feature.aggregate === "mean") return [of("count"), of("sum")];
      if (feature.aggregate === "standard-deviation") return [of("count"), of("sum"), of("squares")];
      return [of("count"), of(feature.aggregate)];
    }
    case "rate":
      return [
        totalsOver<T>(feature.window, undefined, undefined, feature.where)("count"),
        totalsOver<T>(feature.window, undefined, undefined, undefined)("count"),
      ];
    case "ratio-to-normal":
    case "z-score": {
      const of = totalsOver<T>(feature.window, undefined, feature.measure, undefined);
      const needed = [of("count"), of("sum")];
      return feature.kind === "z-score" ? [...needed, of("squares")] : needed;
    }
    case "label-rate": {
      const of = totalsOver<T>(feature.window, feature.delay, undefined, undefined);
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
  total: Pick<Total<T>, "statistic" | "measure" | "where">,
): string {
  return `${total.statistic}/${total.measure?.name ?? ""}/${total.where?.name ?? ""}`;
}

function totalsOver<T extends BaseTransaction>(
  window: Span,
  delay: Span | undefined,
  measure: Measure<T> | undefined,
  where: Filter<T> | undefined,
): (statistic: Statistic) => Total<T> {
  const windowMs = checkedSpanMs(window);
  const delayMs = checkedSpanMs(delay);
  return (statistic) => {
    const ofMeasure = statistic === "count" || statistic === "frauds" ? undefined : measure;
    return { statistic, measure: ofMeasure, where, windowMs, delayMs, source: "ring" };
  };
}

/** What a total is of no transactions; no measure reaches the two extremes. */
export function emptyTotal(statistic: Statistic | "bitmap"): number {
  if (statistic === "minimum") return noMinimum;
  return statistic === "maximum" ? -noMinimum : 0;
}
