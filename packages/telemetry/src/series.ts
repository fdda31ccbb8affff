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
    ? new HistogramSeries(definition.name, pairs, definition.buckets ?? [])
    : new NumberSeries(definition.name, pairs);
}

/**
 * Objects with their numbers in them, and not closures: between two changes of a series lies all the work of a
 * transaction, so that what a change costs is how many places in memory it has to fetch.
 */
class NumberSeries implements Series, Counter, Gauge {
  readonly #start: string;
  #value = 0;

  constructor(name: string, pairs: readonly string[]) {
    this.#start = `${name}${braces(pairs)} `;
  }

  get handle(): Series["handle"] {
    return this;
  }

  add(count = 1): void {
    this.#value += count;
  }

  set(value: number): void {
    this.#value = value;
  }

  /** The types of `Metrics` let each kind call only its own. */
  observe(): void {}

  text(): string {
    return `${this.#start}${this.#value}\n`;
  }
}

class HistogramSeries implements Series, Histogram {
  readonly #buckets: readonly number[];
  /** Of each bucket, then of what is beyond them; last the sum of all values. */
  readonly #numbers: Float64Array;
  readonly #starts: readonly string[];
  readonly #end: readonly [sum: string, count: string];
  /** The last one of each bucket: as many as there are buckets, whatever the traffic. */
  #exemplars: Map<number, string> | undefined;

  constructor(name: string, pairs: readonly string[], buckets: readonly number[]) {
    this.#buckets = buckets;
    this.#numbers = new Float64Array(buckets.length + 2);
    const bounds = [...buckets, "+Inf"];
    this.#starts = bounds.map((bound) => `${name}_bucket${braces([...pairs, `le="${bound}"`])} `);
    this.#end = [`${name}_sum${braces(pairs)} `, `${name}_count${braces(pairs)} `];
  }

  get handle(): Series["handle"] {
    return this;
  }

  observe(value: number, traceId?: string): void {
    // A duration that could not be measured must not turn the sum into NaN for ever.
    if (!Number.isFinite(value)) return;
    const buckets = this.#buckets;
    const numbers = this.#numbers;
    let bucket = 0;
    while (bucket < buckets.length && value > (buckets[bucket] ?? Infinity)) bucket += 1;
    numbers[bucket] = (numbers[bucket] ?? 0) + 1;
    numbers[buckets.length + 1] = (numbers[buckets.length + 1] ?? 0) + value;
    if (traceId === undefined) return;
    this.#exemplars ??= new Map();
    this.#exemplars.set(bucket, exemplarOf(traceId, value));
  }

  add(): void {}

  set(): void {}

  text(withExemplars: boolean): string {
    let total = 0;
    let lines = "";
    for (const [bucket, start] of this.#starts.entries()) {
      total += this.#numbers[bucket] ?? 0;
      lines += `${start}${total}${withExemplars ? (this.#exemplars?.get(bucket) ?? "") : ""}\n`;
    }
    const sum = this.#numbers[this.#buckets.length + 1] ?? 0;
    return `${lines}${this.#end[0]}${sum}\n${this.#end[1]}${total}\n`;
  }
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
