import { collectDefaultMetrics, Registry } from "prom-client";
import { catalogue } from "./catalogue.ts";
import { asOpenMetrics } from "./exposition.ts";
import { createFamily, type Counter, type Family, type Gauge, type Histogram } from "./series.ts";

type Catalogue = typeof catalogue;
export type MetricKey = keyof Catalogue;

/** The labels of a metric: closed ones take only the catalogue's values. */
export type LabelsOf<K extends MetricKey> = {
  readonly [L in keyof Catalogue[K]["labels"]]: Catalogue[K]["labels"][L] extends readonly (infer V)[]
    ? V
    : string;
};

interface Handles {
  readonly counter: Counter;
  readonly gauge: Gauge;
  readonly histogram: Histogram;
}

/** One method for each metric of the catalogue, giving the handle for a set of labels. */
export type Metrics = {
  readonly [K in MetricKey]: (
    ...labels: keyof Catalogue[K]["labels"] extends never ? [] : [labels: LabelsOf<K>]
  ) => Handles[Catalogue[K]["kind"]];
};

/** The metrics of one process. */
export interface Telemetry {
  /** `metrics.decisions({ outcome, source, rung }).add()`; a handle may be kept. */
  readonly metrics: Metrics;
  /** Called before each rendering, for gauges that are read rather than pushed. */
  beforeRender(update: () => void): void;
  /** Prometheus' text format 0.0.4, or OpenMetrics 1.0, which has exemplars too; see `exposition`. */
  render(format?: "text" | "openmetrics"): Promise<string>;
  /** Of the text format. */
  readonly contentType: string;
}

export interface TelemetryOptions {
  /** Memory, processor time, event-loop delay and garbage collection of this process; true when absent. */
  readonly processMetrics?: boolean;
}

/** A registry of its own for every call: nothing is shared between two. */
export function createTelemetry(options: TelemetryOptions = {}): Telemetry {
  const families = new Map<string, Family>();
  const metrics: Record<string, (labels?: Readonly<Record<string, string>>) => Handles[keyof Handles]> = {};
  for (const [key, definition] of Object.entries(catalogue)) {
    const family = createFamily(definition);
    families.set(key, family);
    metrics[key] = (labels = noLabels) => family.series(labels);
  }
  const ofProcess = new Registry();
  if (options.processMetrics ?? true) collectDefaultMetrics({ register: ofProcess, prefix: "tollgate_" });
  const updates: (() => void)[] = [];
  return {
    metrics: metrics as unknown as Metrics,
    beforeRender(update) {
      updates.push(update);
    },
    async render(format = "text") {
      for (const update of updates) update();
      const openMetrics = format === "openmetrics";
      const own = [...families.values()].map((family) => family.text(openMetrics)).join("\n");
      const text = `${own}\n${await ofProcess.metrics()}`;
      return openMetrics ? asOpenMetrics(text) : text;
    },
    contentType: Registry.PROMETHEUS_CONTENT_TYPE,
  };
}

const noLabels: Readonly<Record<string, string>> = {};
