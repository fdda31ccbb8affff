import { catalogue } from "@tollgate/telemetry";
import type { Promises } from "../alerts/alert.ts";
import { scoreRoute } from "../alerts/service-level-indicators.ts";
import { rate, sum } from "../metrics/promql.ts";
import { byValue, type DashboardDefinition, type Panel } from "../panels/panel.ts";
import { answersPanel, burnPanels, degradedPanel, latencyPanel } from "./common-panels.ts";
import { modelPartHere, partHere, quantileHere, rateHere, rateOrZeroHere } from "./here.ts";

/** The way of a transaction, step by step. */
export function scoring(promises: Promises): DashboardDefinition {
  return {
    uid: "tollgate-scoring",
    title: "Scoring",
    description: "Latency by stage, batches, degradation and refusals of the scoring path.",
    rows: [
      { title: "Promises", panels: burnPanels(promises) },
      { title: "Latency", panels: [latencyPanel(promises), heatPanel, stageQuantilePanel, stageMeanPanel] },
      { title: "Inference", panels: [batchPanel, rowsPanel, versionsPanel, rungPanel, callPanel] },
      { title: "Degradation and refusals", panels: [degradedPanel(), answersPanel(), refusedPanel] },
      { title: "Repetition and contention", panels: [repeatedPanel, conflictPanel] },
    ],
  };
}

const heatPanel: Panel = {
  title: "Latency of scoring by HTTP, all of it",
  description:
    "How many requests a second fell into each bucket of time: two bands are two kinds of requests.",
  kind: "heatmap",
  unit: "s",
  width: 12,
  queries: [
    {
      legend: "{{le}}",
      expression: sum(
        rate(partHere("httpRequestDuration", "bucket", { route: scoreRoute }), "$__rate_interval"),
        ["le"],
      ),
    },
  ],
  alerts: ["ScoringLatencyBurnFast"],
};

const stages = catalogue.stageDuration.labels.stage;

const stageQuantilePanel: Panel = {
  title: "Latency by stage, p99",
  description:
    "99 of 100 batches took at most so long in this stage: recall (Redis), compute (features), predict " +
    "(model), decide (rules), record (Kafka). The stage that grew is where to look.",
  kind: "lines",
  unit: "s",
  width: 12,
  queries: byValue(stages, (stage) => quantileHere("stageDuration", { quantile: 0.99, where: { stage } })),
  alerts: ["ScoringLatencyBurnFast"],
};

const stageMeanPanel: Panel = {
  title: "Mean time by stage",
  description: "Mean time of each stage; stacked they are about the whole of a scoring call.",
  kind: "stacked",
  unit: "s",
  width: 12,
  queries: byValue(stages, (stage) => {
    const total = sum(rate(partHere("stageDuration", "sum", { stage }), "$__rate_interval"));
    return `${total} / ${sum(rate(partHere("stageDuration", "count", { stage }), "$__rate_interval"))}`;
  }),
  alerts: ["ScoringLatencyBurnSlow"],
};

const batchPanel: Panel = {
  title: "Mean batch of the model",
  description:
    "Feature vectors in one execution of the model. It grows with the load: that is what keeps latency down.",
  kind: "lines",
  unit: "short",
  width: 12,
  queries: [
    {
      legend: "rows an execution",
      expression: `${rateHere("inferenceRows")} / ${rateHere("inferenceExecutions")}`,
    },
  ],
};

const rowsPanel: Panel = {
  title: "Vectors scored",
  description: "Feature vectors a second that the model scored, and its executions.",
  kind: "lines",
  unit: "cps",
  width: 12,
  queries: [
    { legend: "vectors", expression: rateHere("inferenceRows") },
    { legend: "executions", expression: rateHere("inferenceExecutions") },
  ],
};

const versionsPanel: Panel = {
  title: "Scores by model version",
  description: "Scores a second that each version gave: the one that serves, and those that callers chose.",
  kind: "stacked",
  unit: "cps",
  width: 24,
  queries: [
    {
      legend: "{{model}}@{{version}}",
      expression: sum(rate(modelPartHere("score", "count"), "$__rate_interval"), ["model", "version"]),
    },
  ],
  alerts: ["ModelLoadFailing"],
};

const rungPanel: Panel = {
  title: "Who decided",
  description:
    "Decisions a second by the rung of the ladder: the model, or rules alone where it was late or failed.",
  kind: "stacked",
  unit: "cps",
  width: 12,
  queries: byValue(catalogue.decisions.labels.rung, (rung) => rateHere("decisions", { rung })),
  alerts: ["DecisionsDegraded"],
};

const callPanel: Panel = {
  title: "Time of a scoring call, p99",
  description:
    "From accepted input to recorded decisions, by source; a call of the stream holds a whole batch.",
  kind: "lines",
  unit: "s",
  width: 12,
  queries: byValue(catalogue.scoreDuration.labels.source, (source) =>
    quantileHere("scoreDuration", { quantile: 0.99, where: { source } }),
  ),
  alerts: ["ScoringLatencyBurnFast"],
};

const refusedPanel: Panel = {
  title: "Refused input by code",
  description:
    "Requests or items of batches a second that were refused, by error code, and callers above their rate.",
  kind: "lines",
  unit: "reqps",
  width: 12,
  queries: [
    { legend: "{{reason}}", expression: rateHere("rejected", {}, ["reason"]) },
    { legend: "above their rate", expression: rateHere("rateLimited") },
    { legend: "all refused", expression: rateOrZeroHere("rejected") },
  ],
  alerts: ["RejectedInputSpike"],
};

const repeatedPanel: Panel = {
  title: "Repeated transactions",
  description: "Transactions a second that had been decided before, and ones taken up again after a crash.",
  kind: "lines",
  unit: "cps",
  width: 12,
  queries: [
    { legend: "http", expression: rateHere("duplicates", { source: "http" }) },
    { legend: "kafka", expression: rateHere("duplicates", { source: "kafka" }) },
    { legend: "resumed after a crash", expression: rateHere("claimsResumed") },
  ],
};

const conflictPanel: Panel = {
  title: "Contended states",
  description:
    "Compare-and-set writes a second that another writer won, and were tried again: one busy card.",
  kind: "lines",
  unit: "cps",
  width: 12,
  queries: [{ legend: "conflicts", expression: rateHere("stateConflicts") }],
};
