import { catalogue, type MetricDefinition } from "@tollgate/telemetry";
import { alertGroups } from "../../src/alerts/all-alerts.ts";
import type { Promises } from "../../src/alerts/alert.ts";
import { exporterMetrics } from "../../src/metrics/exporter-metrics.ts";
import { alertSeries, processMetrics, scrapeMetrics, skewMetric } from "../../src/metrics/process-metrics.ts";

/** Every series that a query may read: of the catalogue, the process, Prometheus, and the recorded ones. */
export function knownMetrics(promises: Promises): ReadonlySet<string> {
  const definitions: readonly MetricDefinition[] = Object.values(catalogue);
  const own = definitions.flatMap(({ name, kind }) => (kind === "histogram" ? partsOf(name) : [name]));
  const recorded = alertGroups(promises).flatMap((group) => group.recordings.map(({ record }) => record));
  const { garbageCollection, ...plain } = processMetrics;
  return new Set([
    ...own,
    ...recorded,
    ...Object.values(plain),
    ...partsOf(garbageCollection),
    ...Object.values(scrapeMetrics),
    ...Object.values(exporterMetrics).flatMap((names) => Object.values(names)),
    alertSeries,
    skewMetric,
  ]);
}

function partsOf(name: string): readonly string[] {
  return [`${name}_bucket`, `${name}_sum`, `${name}_count`];
}
