import { catalogue, type MetricDefinition } from "@tollgate/telemetry";

/** One metric of Prometheus' text format: its header lines, its type, and the value of each series. */
interface MetricFamily {
  readonly header: readonly string[];
  readonly type: string;
  readonly series: Map<string, number>;
}

/** The metrics of one process, by name. */
export type ParsedMetrics = ReadonlyMap<string, MetricFamily>;

/** Reads Prometheus' text format 0.0.4, as this platform writes it. */
export function parseMetrics(text: string): ParsedMetrics {
  const families = new Map<string, MetricFamily>();
  let help = "";
  let current: MetricFamily | undefined;
  for (const line of text.split("\n")) {
    if (line.startsWith("# HELP ")) help = line;
    else if (line.startsWith("# TYPE ")) {
      const [, , name = "", type = ""] = line.split(" ");
      current = { header: [help, line], type, series: new Map() };
      families.set(name, current);
    } else if (line !== "" && current !== undefined) {
      const space = line.lastIndexOf(" ");
      current.series.set(line.slice(0, space), Number(line.slice(space + 1)));
    }
  }
  return families;
}

/**
 * What several processes count, as if they were one. Counters, histograms and amounts add up; of a moment, a
 * delay, a limit or a yes the largest counts.
 */
export function sumMetrics(processes: readonly ParsedMetrics[]): ParsedMetrics {
  const sums = new Map<string, MetricFamily>();
  for (const families of processes) {
    for (const [name, { header, type, series }] of families) {
      const sum = sums.get(name) ?? { header, type, series: new Map<string, number>() };
      sums.set(name, sum);
      const largest = type === "gauge" && isLargest(name);
      for (const [key, value] of series) {
        const before = sum.series.get(key);
        const added = before === undefined ? value : before + value;
        sum.series.set(key, largest ? Math.max(before ?? value, value) : added);
      }
    }
  }
  return sums;
}

/** The catalogue says it of its own gauges; the rest are prom-client's, of the process and of Node. */
function isLargest(name: string): boolean {
  const own = definitions.get(name);
  if (own !== undefined) return own.across === "largest";
  return name.endsWith("_seconds") || name.endsWith("_info") || name.endsWith("_max_fds");
}

const definitions = new Map(
  Object.values<MetricDefinition>(catalogue).map((definition) => [definition.name as string, definition]),
);

/** What stays of a process that has ended: what it counted, not what it was. */
export function countsOf(metrics: ParsedMetrics): ParsedMetrics {
  return new Map([...metrics].filter(([, { type }]) => type === "counter" || type === "histogram"));
}

export function formatMetrics(metrics: ParsedMetrics): string {
  const lines: string[] = [];
  for (const { header, series } of metrics.values()) {
    lines.push(...header);
    for (const [key, value] of series) lines.push(`${key} ${value}`);
  }
  return `${lines.join("\n")}\n`;
}
