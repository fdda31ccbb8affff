import { selectPart, type HistogramKey, type Matchers } from "./select.ts";

/** A duration as PromQL writes it: "5m", or Grafana's interval of the screen. */
export type Window = `${number}${"s" | "m" | "h" | "d"}` | "$__rate_interval" | "$__range";

export function rate(series: string, window: Window): string {
  return `rate(${series}[${window}])`;
}

export function increase(series: string, window: Window, offset?: Window): string {
  return `increase(${series}[${window}]${offset === undefined ? "" : ` offset ${offset}`})`;
}

/** The sum over all series, or one for each combination of the labels named. */
export function sum(expression: string, by: readonly string[] = []): string {
  return by.length === 0 ? `sum(${expression})` : `sum by (${by.join(", ")}) (${expression})`;
}

/** 0 where there is no series yet: an open label exists only after its first event. */
export function orZero(expression: string): string {
  return `(${expression} or vector(0))`;
}

export interface QuantileOptions<K extends HistogramKey> {
  readonly quantile: number;
  readonly window: Window;
  readonly where?: Matchers<K>;
  readonly by?: readonly string[];
}

/** A quantile of a histogram, in its unit, as exact as its buckets are narrow. */
export function quantile<K extends HistogramKey>(key: K, options: QuantileOptions<K>): string {
  const buckets = rate(selectPart(key, "bucket", options.where), options.window);
  return `histogram_quantile(${options.quantile}, ${sum(buckets, ["le", ...(options.by ?? [])])})`;
}
