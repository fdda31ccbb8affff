import { increase, quantile, sum, type Window } from "../metrics/promql.ts";
import { skewMetric } from "../metrics/process-metrics.ts";
import { matching, select } from "../metrics/select.ts";
import type { Alert, Promises } from "./alert.ts";
import { alertLimits } from "./limits.ts";

const secondsPerDay = 86_400;

/** What the model is fed: states that are there, up to date, and joined with labels. */
export function featureAlerts({ service }: Promises): readonly Alert[] {
  const freshSeconds = service.freshnessP99Ms / 1_000;
  const freshness = quantile("featureFreshness", { quantile: 0.99, window: "10m", by: ["entity"] });
  return [
    {
      name: "FeatureStatesMissing",
      severity: "page",
      expression: `${missingShare("10m")} - ${missingShare("6h", "10m")} > ${alertLimits.missingStatesShare}`,
      holdsFor: "5m",
      summary: "{{ $value | humanizePercentage }} more {{ $labels.entity }} states than usual are missing",
      impact: "The model sees known customers as strangers: wrong declines and missed fraud.",
      dashboard: "tollgate-features",
    },
    {
      name: "FeatureStatesStale",
      severity: "ticket",
      expression: `${freshness} > ${freshSeconds}`,
      holdsFor: "10m",
      summary:
        "{{ $labels.entity }} states are {{ $value | humanizeDuration }} behind the decisions (p99); " +
        `${freshSeconds}s are promised`,
      impact: "A burst at a compromised terminal is seen too late.",
      dashboard: "tollgate-features",
    },
    {
      name: "FeatureRowsRefused",
      severity: "ticket",
      expression: `${sum(increase(select("featureRowsRefused"), "10m"), ["entity", "reason"])} > 0`,
      holdsFor: "0m",
      summary:
        "Stored {{ $labels.entity }} rows are refused ({{ $labels.reason }}): about {{ $value | humanize }}",
      impact: "These customers are strangers to the model until their states are rebuilt from the log.",
      dashboard: "tollgate-features",
    },
    {
      name: "FeatureSkew",
      severity: "ticket",
      expression: `${skewMetric} > 0`,
      holdsFor: "0m",
      summary:
        "{{ $value | humanizePercentage }} of {{ $labels.engagement }}'s decisions " +
        "have other features when replayed",
      impact: "The model is given other features than it was trained on: its scores mean less than reported.",
      dashboard: "tollgate-features",
    },
    ...labelAlerts(),
  ];
}

function labelAlerts(): readonly Alert[] {
  const delay = quantile("labelDelay", { quantile: 0.5, window: "1d" });
  return [
    {
      name: "LabelsLate",
      severity: "ticket",
      expression: `${delay} > ${alertLimits.labelDelayDays * secondsPerDay}`,
      holdsFor: "1h",
      summary: "Half of today's labels are more than {{ $value | humanizeDuration }} late",
      impact: "Label features and the next training see an older world than they should.",
      dashboard: "tollgate-features",
    },
    {
      name: "LabelsMissing",
      severity: "ticket",
      expression:
        `(${sum(increase(select("ledgerRows", { table: "labels" }), "1d"))} or vector(0)) == 0\n` +
        `and ${sum(increase(select("ledgerRows", { table: "decisions" }), "1d", "1d"))} > 0`,
      holdsFor: "1h",
      summary: "{{ $value }} labels came within the last day",
      impact: "Nobody learns what was fraud: performance is unknown and the models grow old.",
      dashboard: "tollgate-features",
    },
    {
      name: "LabelBacklogGrowing",
      severity: "ticket",
      expression: `min_over_time(${select("labelBacklog")}[10m]) > ${alertLimits.labelBacklogRecords}`,
      holdsFor: "10m",
      summary: "{{ $value }} labelled transactions wait to be published",
      impact: "Label-rate features stand still; no decision is lost.",
      dashboard: "tollgate-features",
    },
  ];
}

/** The share of states that were looked for and not found, or too old, by entity. */
function missingShare(window: Window, offset?: Window): string {
  const missing = select("featureStatus", { status: matching("NOT_FOUND|OUTSIDE_MAX_AGE") });
  const those = sum(increase(missing, window, offset), ["entity"]);
  return `(${those} / ${sum(increase(select("featureStatus"), window, offset), ["entity"])})`;
}
