import { catalogue } from "@tollgate/telemetry";
import type { Promises } from "../alerts/alert.ts";
import { alertLimits } from "../alerts/limits.ts";
import { skewMetric } from "../metrics/process-metrics.ts";
import { rate, sum } from "../metrics/promql.ts";
import { matching } from "../metrics/select.ts";
import { byValue, type DashboardDefinition, type Panel } from "../panels/panel.ts";
import { partHere, quantileHere, rateHere, rateOrZeroHere, seriesHere } from "./here.ts";

const secondsPerDay = 86_400;

/** What the model is fed. */
export function features(promises: Promises): DashboardDefinition {
  return {
    uid: "tollgate-features",
    title: "Features",
    description: "States found, their age and freshness, and the labels that flow back into them.",
    rows: [
      { title: "States", panels: [statusPanel, missingPanel, agePanel, freshnessPanel(promises)] },
      { title: "Store", panels: [writesPanel, refusedPanel, circuitPanel, skewPanel] },
      { title: "Labels", panels: [labelsPanel, backlogPanel, delayPanel] },
    ],
  };
}

const statusPanel: Panel = {
  title: "States found",
  description:
    "States a second that scoring looked for, by what it found. NOT_FOUND: a new entity, or a lost state; " +
    "OUTSIDE_MAX_AGE: older than its retention.",
  kind: "stacked",
  unit: "cps",
  width: 12,
  queries: byValue(catalogue.featureStatus.labels.status, (status) =>
    rateOrZeroHere("featureStatus", { status }),
  ),
  alerts: ["FeatureStatesMissing"],
};

const missingPanel: Panel = {
  title: "States missing, by entity",
  description:
    "Share of the states looked for that were not found or too old. It falls as a new system learns.",
  kind: "lines",
  unit: "percentunit",
  width: 12,
  queries: [
    {
      legend: "{{entity}}",
      expression:
        `1 - ${rateHere("featureStatus", { status: matching("PRESENT|NULL_VALUE") }, ["entity"])}` +
        ` / ${rateHere("featureStatus", {}, ["entity"])}`,
    },
  ],
  alerts: ["FeatureStatesMissing"],
};

const agePanel: Panel = {
  title: "Time since an entity's last transaction, median",
  description:
    "Event time from an entity's last transaction to the one being scored: the rhythm of the customers.",
  kind: "lines",
  unit: "s",
  width: 12,
  queries: [
    { legend: "{{entity}}", expression: quantileHere("featureAge", { quantile: 0.5, by: ["entity"] }) },
  ],
};

function freshnessPanel({ service }: Promises): Panel {
  return {
    title: "Freshness of streamed states, p99",
    description:
      "Time from a decision to its being counted in the states of merchants and terminals; with the promise.",
    kind: "lines",
    unit: "s",
    width: 12,
    thresholds: { bad: service.freshnessP99Ms / 1_000 },
    queries: [
      {
        legend: "{{entity}}",
        expression: quantileHere("featureFreshness", { quantile: 0.99, by: ["entity"] }),
      },
    ],
    alerts: ["FeatureStatesStale"],
  };
}

const writesPanel: Panel = {
  title: "States written against another writer",
  description:
    "Writes a second that another one won and that were tried again: in scoring, and in the log's applier.",
  kind: "lines",
  unit: "cps",
  width: 12,
  queries: [
    { legend: "scoring", expression: rateHere("stateConflicts") },
    { legend: "applier", expression: rateHere("applierConflicts") },
  ],
};

const refusedPanel: Panel = {
  title: "Rows refused",
  description:
    "Stored states a second that could not be read, by why: damaged, or put there by a stranger. Scored as " +
    "unknown until `npm run features -- rebuild` makes them from the log.",
  kind: "stacked",
  unit: "cps",
  width: 12,
  queries: byValue(catalogue.featureRowsRefused.labels.reason, (reason) =>
    rateOrZeroHere("featureRowsRefused", { reason }),
  ),
  alerts: ["FeatureRowsRefused"],
};

const circuitPanel: Panel = {
  title: "Redis left alone",
  description: "1 while a process no longer waits for Redis: it scores without states, and says so.",
  kind: "lines",
  unit: "short",
  width: 12,
  thresholds: { bad: 1 },
  queries: [{ legend: "{{instance}}", expression: seriesHere("featureStoreCircuitOpen") }],
  alerts: ["DecisionsDegraded"],
};

const skewPanel: Panel = {
  title: "Skew",
  description:
    "Share of logged vectors that differ when computed again from the log: 0, or training sees other " +
    "features than scoring. Written by `npm run features -- skew --metrics FILE`.",
  kind: "lines",
  unit: "percentunit",
  width: 12,
  thresholds: { bad: 0.001 },
  queries: [{ legend: "{{engagement}}", expression: skewMetric }],
  alerts: ["FeatureSkew"],
};

const labelsPanel: Panel = {
  title: "Labels",
  description: "Labels a second: archived, published as labelled transactions, and brought into states.",
  kind: "lines",
  unit: "recps",
  width: 12,
  queries: [
    { legend: "archived", expression: rateOrZeroHere("ledgerRows", { table: "labels" }) },
    { legend: "published", expression: rateHere("labelsPublished") },
    { legend: "applied", expression: rateHere("labelsApplied") },
  ],
  alerts: ["LabelsMissing"],
};

const backlogPanel: Panel = {
  title: "Labelled transactions waiting",
  description: "Labelled transactions in the ledger that are not published yet; the line is the alert's.",
  kind: "lines",
  unit: "short",
  width: 12,
  thresholds: { bad: alertLimits.labelBacklogRecords },
  queries: [{ legend: "waiting", expression: sum(seriesHere("labelBacklog")) }],
  alerts: ["LabelBacklogGrowing"],
};

const delaySum = sum(rate(partHere("labelDelay", "sum"), "$__rate_interval"));
const delayCount = sum(rate(partHere("labelDelay", "count"), "$__rate_interval"));

const delayPanel: Panel = {
  title: "Delay of labels, mean",
  description: "Event time from a transaction to the label that decides on it. Chargebacks take weeks.",
  kind: "lines",
  unit: "dtdurations",
  width: 12,
  thresholds: { bad: alertLimits.labelDelayDays * secondsPerDay },
  queries: [{ legend: "mean delay", expression: `${delaySum} / ${delayCount}` }],
  alerts: ["LabelsLate"],
};
