import { increase, sum } from "../metrics/promql.ts";
import { matching, select } from "../metrics/select.ts";
import type { Alert } from "./alert.ts";

/** The model itself: what it sees and says is not as it was, or its next version does not come. */
export function modelAlerts(): readonly Alert[] {
  const drifted = `max by (model, version, window, feature) (${select("driftAlarm")}) == 1`;
  const refused = sum(increase(select("modelLoads", { result: matching("refused|unreadable") }), "15m"), [
    "instance",
    "result",
  ]);
  return [
    {
      name: "ModelDrifted",
      severity: "ticket",
      expression: drifted,
      holdsFor: "0s",
      summary:
        "{{ $labels.feature }} of {{ $labels.model }}@{{ $labels.version }} drifted within the last " +
        "{{ $labels.window }} (alarm = {{ $value }})",
      impact: "The model judges what it was not trained on: fraud is missed, or good payments are stopped.",
      dashboard: "tollgate-drift",
    },
    {
      name: "ModelLoadFailing",
      severity: "ticket",
      expression: `${refused} > 0`,
      holdsFor: "5m",
      summary:
        "{{ $labels.instance }} could not take over a model version {{ $value | humanize }} times in 15 " +
        "minutes: {{ $labels.result }}",
      impact: "The last good version goes on serving; what was promoted does not decide anything.",
      dashboard: "tollgate-models",
    },
    ...driftMonitorAlerts(),
  ];
}

/** The drift monitor itself: what it could not read, and what it could not tell. */
function driftMonitorAlerts(): readonly Alert[] {
  const odd = select("driftOddities", { reason: matching("log-gap|.+-unreadable") });
  const givenUp = sum(increase(select("driftWebhooks", { result: "given-up" }), "1h"));
  return [
    {
      name: "DriftWebhookGivenUp",
      severity: "ticket",
      expression: `${givenUp} > 0`,
      holdsFor: "0s",
      summary: "{{ $value | humanize }} verdicts of drift did not reach the webhook within the last hour",
      impact: "Whoever listens there does not know that a model drifted; the verdicts themselves are kept.",
      dashboard: "tollgate-drift",
    },
    {
      name: "DriftRecordsLost",
      severity: "ticket",
      // A gauge of all time, which every monitor shows alike from 0 on: what it rose by within the hour.
      expression: `max by (reason) (max_over_time(${odd}[1h]) - min_over_time(${odd}[1h])) > 0`,
      holdsFor: "0s",
      summary:
        "{{ $value | humanize }} times within the last hour the drift monitor met: {{ $labels.reason }}",
      impact: "Verdicts rest on fewer decisions or labels than were made.",
      dashboard: "tollgate-drift",
    },
  ];
}
