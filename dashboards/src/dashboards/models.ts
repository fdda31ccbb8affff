import { catalogue } from "@tollgate/telemetry";
import { rate, sum } from "../metrics/promql.ts";
import { byValue, type DashboardDefinition, type Panel } from "../panels/panel.ts";
import { modelPartHere, modelSeriesHere, quantileHere, rateHere, rateOrZeroHere } from "./here.ts";

/** Which version serves, how it came there, what it says and how good it is. */
export function models(): DashboardDefinition {
  return {
    uid: "tollgate-models",
    title: "Models",
    description: "Which version decides, whether its successors load, and how good it is by its labels.",
    rows: [
      { title: "Versions", panels: [servingPanel, loadsPanel, loadTimePanel] },
      { title: "What it says", panels: [scoresPanel, meanScorePanel] },
      { title: "Work", panels: [inferencePanel, failuresPanel] },
      { title: "How good", panels: [recallPanel, maturityPanel] },
    ],
  };
}

const servingPanel: Panel = {
  title: "Processes that serve a version",
  description:
    "Processes that answer with each version. Two lines for longer than a swap: one did not follow.",
  kind: "stacked",
  unit: "short",
  width: 8,
  queries: [
    {
      legend: "{{model}}@{{version}}",
      expression: `sum by (model, version) (${modelSeriesHere("modelInfo")}) > 0`,
    },
  ],
};

const loadsPanel: Panel = {
  title: "Versions taken over, or not",
  description:
    "Swaps a second, by what came of them. Refused: it failed its checks, the last good one serves.",
  kind: "stacked",
  unit: "cps",
  width: 8,
  queries: byValue(catalogue.modelLoads.labels.result, (result) => rateOrZeroHere("modelLoads", { result })),
  alerts: ["ModelLoadFailing"],
};

const loadTimePanel: Panel = {
  title: "Time to load and warm up",
  description: "From the alias's move to the first decision of the new version, while the old one serves.",
  kind: "lines",
  unit: "s",
  width: 8,
  queries: [{ legend: "p95", expression: quantileHere("modelLoadDuration", { quantile: 0.95 }) }],
};

const scoresPanel: Panel = {
  title: "Scores",
  description:
    "Scores a second in each bucket, of the versions chosen: most are near 0; a band that moves up or " +
    "down is a model that sees other payments, or another model.",
  kind: "heatmap",
  unit: "short",
  width: 12,
  queries: [
    {
      legend: "{{le}}",
      expression: sum(rate(modelPartHere("score", "bucket"), "$__rate_interval"), ["le"]),
    },
  ],
  alerts: ["DecisionMixShifted"],
};

const byVersion = ["model", "version"] as const;
const scoreSum = sum(rate(modelPartHere("score", "sum"), "$__rate_interval"), byVersion);
const scoreCount = sum(rate(modelPartHere("score", "count"), "$__rate_interval"), byVersion);

const meanScorePanel: Panel = {
  title: "Mean score by version",
  description:
    "Mean of the scores given: two versions on the same payments may differ, one version must not jump.",
  kind: "lines",
  unit: "short",
  decimals: 4,
  width: 12,
  queries: [{ legend: "{{model}}@{{version}}", expression: `${scoreSum} / ${scoreCount}` }],
  alerts: ["DecisionMixShifted"],
};

const inferencePanel: Panel = {
  title: "Rows by batch",
  description: "Rows in one run of the model: the more, the cheaper each; the price is waiting for company.",
  kind: "lines",
  unit: "short",
  width: 12,
  queries: [
    {
      legend: "rows a run",
      expression: `${rateHere("inferenceRows")} / ${rateHere("inferenceExecutions")}`,
    },
  ],
};

const failuresPanel: Panel = {
  title: "Scores that the model did not give",
  description: "Rows a second without a score, by why. Their decisions were made by the rules.",
  kind: "stacked",
  unit: "cps",
  width: 12,
  queries: byValue(catalogue.inferenceFailures.labels.reason, (reason) =>
    rateOrZeroHere("inferenceFailures", { reason }),
  ),
};

const recallPanel: Panel = {
  title: "Recall, estimated and realised",
  description:
    "Share of fraud that was flagged, by day: estimated by calibrated scores, and known by labels.",
  kind: "lines",
  unit: "percentunit",
  width: 12,
  queries: [
    { legend: "estimated {{model}}@{{version}}", expression: modelSeriesHere("estimatedRecall") },
    { legend: "realised {{model}}@{{version}}", expression: modelSeriesHere("realisedRecall") },
  ],
};

const maturityPanel: Panel = {
  title: "Labels that have come, a week on",
  description:
    "Share of a day's fraud labels expected to be known after seven days. Low: realised figures wait.",
  kind: "lines",
  unit: "percentunit",
  width: 12,
  queries: [{ legend: "{{model}}@{{version}}", expression: modelSeriesHere("labelMaturity") }],
};
