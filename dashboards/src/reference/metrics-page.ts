import { catalogue, type MetricDefinition, type MetricKey } from "@tollgate/telemetry";
import { processMetrics, scrapeJob } from "../metrics/process-metrics.ts";
import { metricApps } from "./metric-apps.ts";

/** The reference page of every metric, made from the catalogue. */
export function metricsPage(): string {
  const entries = Object.entries(catalogue) as [MetricKey, MetricDefinition][];
  const histograms = entries.filter(([, { buckets }]) => buckets !== undefined);
  return [
    "# Metrics",
    "",
    "Made from `packages/telemetry/src/catalogue.ts` by `npm run dashboards`; a test holds this page to it.",
    "Alerts and dashboards (`dashboards/src`) take the names from there: a renamed metric is a type error,",
    "not an empty panel.",
    "",
    "Every app answers `/metrics` in Prometheus' text format. Every process shows every metric whose label",
    'values are known, from zero on, so that the first event is seen as a rate; "set by" names the apps that',
    "change it. A label is *open* where its values come from configuration (a topic, an entity, a route): no",
    "label holds a card, a key, an",
    `amount or a transaction's id. The platform's processes are scraped as job \`${scrapeJob}\`.`,
    "",
    "| name | type | unit | labels | set by | meaning |",
    "|---|---|---|---|---|---|",
    ...entries.map(([key, metric]) => metricRow(metric, metricApps[key])),
    "",
    "## Buckets of the histograms",
    "",
    "Upper bounds, in seconds. The share within a promise is exact where a bucket ends at the promise.",
    "",
    "| name | buckets |",
    "|---|---|",
    ...histograms.map(([, { name, buckets = [] }]) => `| \`${name}\` | ${buckets.join(", ")} |`),
    "",
    "## Of every process",
    "",
    "prom-client adds memory, processor time, event loop, garbage collection and open files of the process,",
    "under the same prefix. Dashboards and alerts use these:",
    "",
    ...Object.values(processMetrics).map((name) => `- \`${name}\``),
    "",
  ].join("\n");
}

function metricRow({ name, kind, labels, help }: MetricDefinition, apps: readonly string[]): string {
  const labelTexts = Object.entries(labels).map(([label, values]) =>
    values === "open" ? `\`${label}\` (open)` : `\`${label}\`: ${values.join(", ")}`,
  );
  const cells = [`\`${name}\``, kind, unitOf(name), labelTexts.join("; ") || "–", apps.join(", "), help];
  return `| ${cells.join(" | ")} |`;
}

/** Base units stand in the name; what has none is counted. */
function unitOf(name: string): string {
  const unit = /_(seconds|bytes|records)(?:_total)?$/u.exec(name)?.[1];
  return unit ?? "count";
}
