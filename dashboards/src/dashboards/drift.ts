import { catalogue } from "@tollgate/telemetry";
import { byValue, type DashboardDefinition, type Panel } from "../panels/panel.ts";
import { modelSeriesHere, rateOrZeroHere, seriesHere } from "./here.ts";

/** What the drift monitor found, and whether it sees what it should. */
export function drift(): DashboardDefinition {
  return {
    uid: "tollgate-drift",
    title: "Drift",
    description: "Verdicts of the drift monitor on each model version, and whether the monitor keeps up.",
    rows: [
      { title: "Verdicts", panels: [statusPanel, windowsPanel, featuresPanel, effectPanel] },
      { title: "The monitor", panels: [behindPanel, waitingPanel, odditiesPanel, webhooksPanel] },
    ],
  };
}

const statusPanel: Panel = {
  title: "Verdict of the latest window",
  description:
    "Each window length has one line at 1: its verdict. Inconclusive means too few decisions, never a pass.",
  kind: "lines",
  unit: "short",
  width: 12,
  queries: [
    {
      legend: "{{window}}: {{status}}",
      expression: `max by (window, status) (${modelSeriesHere("driftStatus")}) == 1`,
    },
  ],
};

const windowsPanel: Panel = {
  title: "Windows judged",
  description:
    "Windows a second by verdict. Skipped: quarters of an hour that the monitor came too late for.",
  kind: "stacked",
  unit: "cps",
  width: 12,
  queries: byValue(catalogue.driftWindows.labels.status, (status) =>
    rateOrZeroHere("driftWindows", { status }),
  ),
};

const featuresPanel: Panel = {
  title: "Features out of the ordinary",
  description:
    "1: drifted in the latest window of that length; 0.5: a warning. Nothing shown: nothing found.",
  kind: "lines",
  unit: "short",
  width: 12,
  thresholds: { warn: 0.5, bad: 1 },
  queries: [
    {
      legend: "{{feature}} ({{window}})",
      expression: `max by (window, feature) (${modelSeriesHere("driftAlarm")}) > 0`,
    },
  ],
  alerts: ["ModelDrifted"],
};

const effectPanel: Panel = {
  title: "Size of what was found",
  description:
    "Effect in the unit of its test (a distance between distributions, or a difference of shares).",
  kind: "lines",
  unit: "short",
  decimals: 3,
  width: 12,
  queries: [
    {
      legend: "{{feature}} ({{window}})",
      expression: `max by (window, feature) (${modelSeriesHere("driftScore")}) > 0`,
    },
  ],
};

const behindPanel: Panel = {
  title: "Event time behind now",
  description:
    "How far back in event time decisions are counted. It grows when the monitor or the stream stops.",
  kind: "lines",
  unit: "s",
  width: 12,
  queries: [{ legend: "behind", expression: `time() - (${seriesHere("driftWatermark")} > 0)` }],
};

const waitingPanel: Panel = {
  title: "Labels without a decision",
  description: "Labels that wait for the decision of their transaction: kept, and counted when it comes.",
  kind: "lines",
  unit: "short",
  width: 12,
  queries: [{ legend: "waiting", expression: `max(${seriesHere("driftWaitingLabels")})` }],
};

const odditiesPanel: Panel = {
  title: "Records that could not be counted as meant",
  description: "Since the monitor's database began, by why: no vector, no reference, too late, future-dated.",
  kind: "lines",
  unit: "short",
  width: 12,
  queries: [
    {
      legend: "{{reason}}",
      expression:
        `max by (reason) (${seriesHere("driftOddities")}) > 0 ` +
        `or label_replace(max(${seriesHere("driftOddities")}) == 0, "reason", "none", "", "")`,
    },
  ],
  alerts: ["DriftRecordsLost"],
};

const webhooksPanel: Panel = {
  title: "Webhooks sent",
  description:
    "Attempts a second to tell of a drifted window. Given up: it is in PostgreSQL and on the topic only.",
  kind: "stacked",
  unit: "cps",
  width: 12,
  queries: byValue(catalogue.driftWebhooks.labels.result, (result) =>
    rateOrZeroHere("driftWebhooks", { result }),
  ),
  alerts: ["DriftWebhookGivenUp"],
};
