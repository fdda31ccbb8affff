import type { LabelsOf, MetricKey } from "@tollgate/telemetry";
import { increase, orZero, quantile, rate, sum, type QuantileOptions } from "../metrics/promql.ts";
import {
  matching,
  select,
  selectPart,
  type CounterKey,
  type GaugeKey,
  type HistogramKey,
  type Matchers,
} from "../metrics/select.ts";

const interval = "$__rate_interval";
const chosen = { instance: matching("$instance") } as const;
const chosenModel = { model: matching("$model"), version: matching("$version") } as const;

/** Metrics of a kind that say of which model version they are. */
type OfModel<K extends MetricKey> = {
  [M in K]: LabelsOf<M> extends { readonly model: string; readonly version: string } ? M : never;
}[K];

/** A counter or gauge of the processes chosen at the top of the dashboard. */
export function seriesHere<K extends CounterKey | GaugeKey>(key: K, matchers?: Matchers<K>): string {
  return select<K>(key, { ...matchers, ...chosen });
}

/** A gauge of the model versions chosen at the top, in the processes chosen. */
export function modelSeriesHere<K extends OfModel<GaugeKey>>(key: K, matchers?: Matchers<K>): string {
  return seriesHere<K>(key, { ...matchers, ...chosenModel });
}

/** One part of a histogram, of the model versions chosen. */
export function modelPartHere(key: OfModel<HistogramKey>, part: "bucket" | "sum" | "count"): string {
  return partHere(key, part, chosenModel);
}

/** How much a second, summed over the processes chosen. */
export function rateHere<K extends CounterKey>(
  key: K,
  matchers?: Matchers<K>,
  by: readonly string[] = [],
): string {
  return sum(rate(seriesHere(key, matchers), interval), by);
}

/** How much within the time shown. */
export function increaseHere<K extends CounterKey>(key: K, matchers?: Matchers<K>): string {
  return sum(increase(seriesHere(key, matchers), "$__range"));
}

/** The rate of a metric whose series may not exist yet: zero then. */
export function rateOrZeroHere<K extends CounterKey>(key: K, matchers?: Matchers<K>): string {
  return orZero(rateHere(key, matchers));
}

export function quantileHere<K extends HistogramKey>(
  key: K,
  options: Omit<QuantileOptions<K>, "window">,
): string {
  const where = { ...options.where, ...chosen } as Matchers<K>;
  return quantile(key, { ...options, where, window: interval });
}

/** One part of a histogram, of the processes chosen. */
export function partHere<K extends HistogramKey>(
  key: K,
  part: "bucket" | "sum" | "count",
  matchers?: Matchers<K>,
): string {
  return selectPart<K>(key, part, { ...matchers, ...chosen });
}
