import { exporterPanels } from "../src/dashboards/exporter-panels.ts";
import { exporterJob } from "../src/metrics/exporter-metrics.ts";
import { scrapeMetrics } from "../src/metrics/process-metrics.ts";
import { selector } from "../src/metrics/select.ts";
import type { Panel } from "../src/panels/panel.ts";
import { queryPrometheus } from "./query-prometheus.ts";

/** A query that has no data in a healthy demo, and why that is right. */
export interface Exception {
  readonly dashboard: string;
  readonly panel: string;
  /** The query's legend. */
  readonly query: string;
  readonly reason: string;
}

export const exceptions: readonly Exception[] = [
  {
    dashboard: "tollgate-features",
    panel: "Skew",
    query: "{{engagement}}",
    reason: "`npm run features -- skew` measures it once a day or so, and the demo does not run that long",
  },
  {
    dashboard: "tollgate-scoring",
    panel: "Refused input by code",
    query: "{{reason}}",
    reason:
      "a series for each code exists from the first refusal on, and the demo sends nothing that is refused",
  },
  {
    dashboard: "tollgate-models",
    panel: "Time to load and warm up",
    query: "p95",
    reason: "a version is loaded at the start, before Prometheus first looks, and the demo swaps none",
  },
];

/**
 * Of the panels of services whose exporter Prometheus does not reach: a demo that was started without
 * `--exporters`, an exporter that cannot be had here, a machine without a GPU.
 */
export async function missingExporters(url: string): Promise<readonly Exception[]> {
  const services = Object.keys(exporterPanels) as readonly (keyof typeof exporterPanels)[];
  const missing = await Promise.all(
    services.map(async (service) => {
      const exporter = selector(scrapeMetrics.up, { job: exporterJob, service });
      const { state } = await queryPrometheus(url, `${exporter} == 1`);
      const reason = reasons[service];
      return state === "data" ? [] : exporterPanels[service].flatMap((panel) => excuse(panel, reason));
    }),
  );
  return missing.flat();
}

function excuse({ title, queries }: Panel, reason: string): readonly Exception[] {
  const panel = { dashboard: "tollgate-infrastructure", panel: title, reason };
  return queries.map(({ legend }) => ({ ...panel, query: legend }));
}

const withoutExporter = "no exporter: the demo was started without --exporters, or none can be had here";

const reasons = {
  kafka: withoutExporter,
  redis: withoutExporter,
  postgres: withoutExporter,
  gpu: "only a machine with an NVIDIA GPU whose dcgm-exporter is scraped by the job of the exporters has it",
} as const;
