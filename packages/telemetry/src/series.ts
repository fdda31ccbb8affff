import type { MetricDefinition } from "./catalogue.ts";
import { telemetryLimits } from "./limits.ts";

/** A counter of one label combination. */
export interface Counter {
  /** @param count how many; 1 when absent. */
  add(count?: number): void;
}

/** A gauge of one label combination. */
export interface Gauge {
  set(value: number): void;
}

/** A histogram of one label combination. */
export interface Histogram {
  /**
   * @param value in the metric's unit (seconds).
   * @param traceId of a trace that is sent: shown beside the bucket as its exemplar.
   */
  observe(value: number, traceId?: string): void;
}

/** One label combination: a number to change, and its lines of text. */
export interface Series {
  readonly handle: Counter & Gauge & Histogram;
  /** Lines of the exposition format. @param exemplars with them, which only OpenMetrics has. */
  text(exemplars: boolean): string;
}

/** All label combinations of one metric. */
export interface Family {
  /** The handle for these label values; the same one every time, cheap enough to ask for on each request. */
  series(labels: Readonly<Record<string, string>>): Series["handle"];
  text(exemplars: boolean): string;
}

/**
 * Counting happens in plain numbers: prom-client hashes a label set on every change, bound or not (0.8 to
 * 1.1 µs measured; here 0.06 µs on a kept handle, 0.3 µs looked up), and a score changes twenty metrics.
 */
export function createFamily(definition: MetricDefinition): Family {
  const labelNames = Object.keys(definition.labels);
  const all: Series[] = [];
  const root: LabelNode = { children: new Map(), handle: undefined };
  const add = (labels: Readonly<Record<string, string>>): Series["handle"] => {
    const series = createSeries(definition, labelNames, labels);
    // Beyond the limit the numbers go nowhere: a lost metric is better than a lost transaction.
    if (all.length < telemetryLimits.seriesPerMetric) all.push(series);
    return series.handle;
  };
  const series = (labels: Readonly<Record<string, string>>): Series["handle"] => {
    let node = root;
    for (const name of labelNames) node = childOf(node, labels[name] ?? "", all.length);
    node.handle ??= add(labels);
    return node.handle;
  };
  for (const labels of closedCombinations(definition)) series(labels);
  return {
    series,
    text(exemplars) {
      const { name, help, kind } = definition;
      const lines = all.map((one) => one.text(exemplars)).join("");
      return `# HELP ${name} ${help}\n# TYPE ${name} ${kind}\n${lines}`;
    },
  };
}

interface LabelNode {
  readonly children: Map<string, LabelNode>;
  handle: Series["handle"] | undefined;
}

function childOf(node: LabelNode, value: string, seriesCount: number): LabelNode {
  const known = node.children.get(value);
  if (known !== undefined) return known;
  const child: LabelNode = { children: new Map(), handle: undefined };
  if (seriesCount < telemetryLimits.seriesPerMetric) node.children.set(value, child);
  return child;
}

/** Series whose labels are known start at zero, so that the first event shows as a rate. */
function closedCombinations(definition: MetricDefinition): readonly Readonly<Record<string, string>>[] {
  let combinations: Readonly<Record<string, string>>[] = [{}];
  for (const [name, values] of Object.entries(definition.labels)) {
    if (values === "open") return [];
    combinations = combinations.flatMap((labels) => values.map((value) => ({ ...labels, [name]: value })));
  }
  return combinations;
}

function createSeries(
  definition: MetricDefinition,
  labelNames: readonly string[],
  labels: Readonly<Record<string, string>>,
): Series {
  const pairs = labelNames.map((name) => `${name}="${escape(labels[name] ?? "")}"`);
  return definition.kind === "histogram"
    ? histogramSeries(definition.name, pairs, definition.buckets ?? [])
    : numberSeries(definition.name, pairs);
}

/** The types of `Metrics` let each kind call only its own. */
const nothing = (): void => {};

function numberSeries(name: string, pairs: readonly string[]): Series {
  const start = `${name}${braces(pairs)} `;
  let value = 0;
  return {
    handle: {
      add(count = 1) {
        value += count;
      },
      set(next) {
        value = next;
      },
      observe: nothing,
    },
    text: () => `${start}${value}\n`,
  };
}

function histogramSeries(name: string, pairs: readonly string[], buckets: readonly number[]): Series {
  const counts = new Float64Array(buckets.length + 1);
  const starts = [...buckets, "+Inf"].map((bound) => `${name}_bucket${braces([...pairs, `le="${bound}"`])} `);
  const exemplars = new Map<number, string>();
  let sum = 0;
  const observe = (value: number, traceId?: string): void => {
    // A duration that could not be measured must not turn the sum into NaN for ever.
    if (!Number.isFinite(value)) return;
    let bucket = 0;
    while (bucket < buckets.length && value > (buckets[bucket] ?? Infinity)) bucket += 1;
    counts[bucket] = (counts[bucket] ?? 0) + 1;
    sum += value;
    // The last one of each bucket: as many as there are buckets, whatever the traffic.
    if (traceId !== undefined) exemplars.set(bucket, exemplarOf(traceId, value));
  };
  return {
    handle: { observe, add: nothing, set: nothing },
    text(withExemplars) {
      let total = 0;
      let lines = "";
      for (let bucket = 0; bucket < counts.length; bucket += 1) {
        total += counts[bucket] ?? 0;
        lines += `${starts[bucket]}${total}${withExemplars ? (exemplars.get(bucket) ?? "") : ""}\n`;
      }
      return `${lines}${name}_sum${braces(pairs)} ${sum}\n${name}_count${braces(pairs)} ${total}\n`;
    },
  };
}

/** As OpenMetrics writes it; without a time of its own it has that of the scrape. */
function exemplarOf(traceId: string, value: number): string {
  return ` # {trace_id="${traceId}"} ${value}`;
}

function braces(pairs: readonly string[]): string {
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escape(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
}
