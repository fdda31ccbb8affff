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
  ];
}
