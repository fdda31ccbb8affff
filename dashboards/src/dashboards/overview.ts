import type { Promises } from "../alerts/alert.ts";
import { alertLimits } from "../alerts/limits.ts";
import { scoreRoute } from "../alerts/service-level-indicators.ts";
import { alertSeries, scrapeJob, scrapeMetrics } from "../metrics/process-metrics.ts";
import { matching, selector } from "../metrics/select.ts";
import { byValue, type DashboardDefinition, type Panel } from "../panels/panel.ts";
import {
  answersPanel,
  burnPanels,
  degradedPanel,
  lagPanel,
  latencyPanel,
  outcomePanel,
} from "./common-panels.ts";
import { quantileHere, rateHere } from "./here.ts";
import { outboxPanel } from "./stream.ts";

/** What an on-call engineer opens first: is something wrong, and where. */
export function overview(promises: Promises): DashboardDefinition {
  return {
    uid: "tollgate-overview",
    title: "Overview",
    description: "Is something wrong, and where? Promises first, then traffic, then what waits.",
    rows: [
      { title: "Promises", panels: [...burnPanels(promises), ...numbers(promises), firingPanel] },
      { title: "Traffic", panels: [outcomePanel(), latencyPanel(promises), answersPanel(), sourcePanel] },
      { title: "What waits and what is missing", panels: [lagPanel(), outboxPanel(), degradedPanel()] },
    ],
  };
}

function numbers({ service }: Promises): readonly Panel[] {
  const p99Limit = service.scoringLatencyP99Ms / 1_000;
  return [
    {
      title: "Scoring p99",
      description:
        `99 of 100 requests to ${scoreRoute} were answered within this time; ` +
        `${service.scoringLatencyP99Ms} ms are promised.`,
      kind: "number",
      unit: "s",
      width: 4,
      thresholds: { warn: p99Limit / 2, bad: p99Limit },
      queries: [
        {
          legend: "p99",
          expression: quantileHere("httpRequestDuration", { quantile: 0.99, where: { route: scoreRoute } }),
        },
      ],
      alerts: ["ScoringLatencyBurnFast"],
    },
    {
      title: "Decisions a second",
      description:
        `First decisions, by HTTP and Kafka together; ${service.transactionsPerSecond} a second are ` +
        "promised.",
      kind: "number",
      unit: "cps",
      width: 4,
      queries: [{ legend: "decisions", expression: rateHere("decisions") }],
      alerts: ["NoTraffic"],
    },
    {
      title: "Degraded",
      description: "Share of decisions that were made without a part that was late or down.",
      kind: "number",
      unit: "percentunit",
      decimals: 2,
      width: 4,
      thresholds: { warn: alertLimits.degradedShare / 10, bad: alertLimits.degradedShare },
      queries: [{ legend: "degraded", expression: `${rateHere("degraded")} / ${rateHere("decisions")}` }],
      alerts: ["DecisionsDegraded"],
    },
    {
      title: "Processes that answer",
      description: "Share of the platform's processes that Prometheus reaches.",
      kind: "number",
      unit: "percentunit",
      width: 4,
      badBelow: 1,
      queries: [{ legend: "up", expression: `avg(${selector(scrapeMetrics.up, { job: scrapeJob })})` }],
      alerts: ["ProcessDown", "NothingMonitored"],
    },
  ];
}

const firing = selector(alertSeries, { alertstate: "firing", engagement: matching("$engagement") });

const firingPanel: Panel = {
  title: "Alerts that fire",
  description: "By name, as Prometheus evaluates the rules. Each has a runbook: docs/runbooks.",
  kind: "stacked",
  unit: "short",
  width: 24,
  queries: [
    {
      legend: "{{alertname}}",
      expression: `count by (alertname) (${firing}) or label_replace(vector(0), "alertname", "none", "", "")`,
    },
  ],
};

const sourcePanel: Panel = {
  title: "Decisions by source",
  description: "First decisions a second, by the way the transaction came.",
  kind: "stacked",
  unit: "cps",
  width: 12,
  queries: byValue(["http", "kafka"], (source) => rateHere("decisions", { source })),
  alerts: ["NoTraffic"],
};
