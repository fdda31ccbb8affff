import { catalogue, type LabelsOf, type MetricKey } from "@tollgate/telemetry";

type Catalogue = typeof catalogue;

/** The keys of the catalogue's metrics of one kind. */
type KeyOf<Kind extends "counter" | "gauge" | "histogram"> = {
  [K in MetricKey]: Catalogue[K]["kind"] extends Kind ? K : never;
}[MetricKey];

export type CounterKey = KeyOf<"counter">;
export type GaugeKey = KeyOf<"gauge">;
export type HistogramKey = KeyOf<"histogram">;

/** A regular expression that a label must match as a whole, or that it must not. */
export interface Pattern {
  readonly operator: "=~" | "!~";
  readonly text: string;
}

export function matching(text: string): Pattern {
  return { operator: "=~", text };
}

/** What the labels of a metric must be; closed labels take only the catalogue's values. */
export type Matchers<K extends MetricKey> = {
  readonly [L in keyof LabelsOf<K>]?: LabelsOf<K>[L] | Pattern;
} & { readonly instance?: Pattern };

/** `tollgate_decisions_total{outcome="decline"}`: a counter or gauge of the catalogue, by its key. */
export function select<K extends CounterKey | GaugeKey>(key: K, matchers?: Matchers<K>): string {
  return selector(catalogue[key].name, matchers ?? {});
}

/** One series of a histogram: its buckets, its sum or its count. */
export function selectPart<K extends HistogramKey>(
  key: K,
  part: "bucket" | "sum" | "count",
  matchers?: Matchers<K>,
): string {
  return selector(`${catalogue[key].name}_${part}`, matchers ?? {});
}

/**
 * The observations of at most `bound` (the metric's unit).
 * @throws when the histogram has no such bucket: the share below it could not be told.
 */
export function selectUpTo<K extends HistogramKey>(key: K, bound: number, matchers?: Matchers<K>): string {
  const { name, buckets } = catalogue[key];
  if (!(buckets as readonly number[]).includes(bound)) {
    throw new Error(`${name} has no bucket that ends at ${bound}: give it one in the catalogue`);
  }
  return selector(`${name}_bucket`, { ...matchers, le: String(bound) });
}

/** A selector of a series that is not in the catalogue: of the process, or of Prometheus itself. */
export function selector(name: string, matchers: Readonly<Record<string, string | Pattern>>): string {
  const texts = Object.entries(matchers).map(([label, wanted]) =>
    typeof wanted === "string"
      ? `${label}=${JSON.stringify(wanted)}`
      : `${label}${wanted.operator}${JSON.stringify(wanted.text)}`,
  );
  return texts.length === 0 ? name : `${name}{${texts.join(",")}}`;
}
