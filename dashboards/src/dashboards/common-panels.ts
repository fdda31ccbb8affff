import type { Promises } from "../alerts/alert.ts";
import { alertLimits } from "../alerts/limits.ts";
import { scoreRoute, serviceLevels } from "../alerts/service-level-indicators.ts";
import { rounded, serviceLevelAlerts } from "../alerts/service-level-alerts.ts";
import { sum } from "../metrics/promql.ts";
import { matching } from "../metrics/select.ts";
import { catalogue } from "@tollgate/telemetry";
import { byValue, type Panel } from "../panels/panel.ts";
import { quantileHere, rateHere, rateOrZeroHere, seriesHere } from "./here.ts";

/** How fast the error budget of each promise is used up: 1 lasts exactly 30 days. */
export function burnPanels(promises: Promises): readonly Panel[] {
  const [fastest] = alertLimits.burnRates.fast;
  return serviceLevels(promises).map((level) => ({
    title: `Budget burn: ${level.name}`,
    description:
      `Share of scoring requests of the last hour that ${level.badRequest}, over what the promise allows ` +
      `(${rounded(level.budgetShare * 100)} %). At 1 the budget lasts exactly 30 days.`,
    kind: "number",
    unit: "x",
    decimals: 2,
    width: 4,
    thresholds: { warn: 1, bad: fastest.factor },
    queries: [
      { legend: level.name, expression: `(${level.badShare("1h")}) / ${rounded(level.budgetShare)}` },
    ],
    alerts: serviceLevelAlerts(promises)
      .filter(({ labels }) => labels?.["slo"] === level.name)
      .map(({ name }) => name),
  }));
}

const quantiles = { p50: 0.5, p95: 0.95, p99: 0.99 } as const;

export function latencyPanel({ service }: Promises): Panel {
  return {
    title: "Latency of scoring by HTTP",
    description:
      "From a request's headers to the last byte of its answer. The line is the promise for p99. Values " +
      "are as exact as the histogram's buckets are narrow.",
    kind: "lines",
    unit: "s",
    width: 12,
    thresholds: { bad: service.scoringLatencyP99Ms / 1_000 },
    queries: byValue(["p50", "p95", "p99"], (name) =>
      quantileHere("httpRequestDuration", { quantile: quantiles[name], where: { route: scoreRoute } }),
    ),
    alerts: ["ScoringLatencyBurnFast", "ScoringLatencyBurnSlow"],
  };
}

export function answersPanel(): Panel {
  return {
    title: "Answers by status",
    description:
      "HTTP answers a second by the class of their status, without probes and metrics. 4xx are the " +
      "caller's to mend, 5xx are ours; aborted: the client left before the answer.",
    kind: "stacked",
    unit: "reqps",
    width: 12,
    queries: [
      { legend: "2xx", status: "2.." },
      { legend: "4xx", status: "4.." },
      { legend: "5xx", status: "5.." },
      { legend: "aborted", status: "aborted" },
    ].map(({ legend, status }) => ({
      legend,
      expression: rateOrZeroHere("httpRequests", { route: matching("/v1/.*"), status: matching(status) }),
    })),
    alerts: ["HttpErrorSpike"],
  };
}

export function degradedPanel(): Panel {
  return {
    title: "Decisions without a part",
    description:
      "Share of decisions that were made without a part that was late or down. The answer came in time, " +
      "with less knowledge behind it.",
    kind: "lines",
    unit: "percentunit",
    width: 12,
    thresholds: { bad: alertLimits.degradedShare },
    queries: byValue(
      catalogue.degraded.labels.part,
      (part) => `${rateHere("degraded", { part })} / ${rateHere("decisions")}`,
    ),
    alerts: ["DecisionsDegraded"],
  };
}

export function lagPanel(): Panel {
  return {
    title: "Consumer lag",
    description: "Records of each topic that a consumer has not handled yet, over all its partitions.",
    kind: "lines",
    unit: "short",
    width: 12,
    queries: [
      {
        legend: "{{topic}} at {{instance}}",
        expression: sum(seriesHere("consumerLag"), ["topic", "instance"]),
      },
    ],
    alerts: ["ConsumerLagHigh", "ConsumerLagGrowing"],
  };
}

export function outcomePanel(): Panel {
  return {
    title: "Decisions by outcome",
    description: "First decisions a second, by HTTP and Kafka together, stacked by what was decided.",
    kind: "stacked",
    unit: "cps",
    width: 12,
    queries: byValue(catalogue.decisions.labels.outcome, (outcome) => rateHere("decisions", { outcome })),
    alerts: ["NoTraffic", "DecisionMixShifted"],
  };
}
