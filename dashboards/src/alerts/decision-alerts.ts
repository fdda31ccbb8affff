import { increase, rate, sum, type Window } from "../metrics/promql.ts";
import { matching, select } from "../metrics/select.ts";
import type { Alert, Promises } from "./alert.ts";
import { alertLimits } from "./limits.ts";
import { rounded } from "./service-level-alerts.ts";

/** What is decided: the first sign of a bad model, rule or feature, long before the labels come. */
export function decisionAlerts({ policy }: Promises): readonly Alert[] {
  const { declineBudgetFactor, alertBudgetFactor, mixShiftFactor } = alertLimits;
  const declineLimit = rounded(declineBudgetFactor * policy.declineBudgetShare);
  const alertLimit = rounded(alertBudgetFactor * policy.alertBudgetShare);
  const shift = `(${flaggedShare("1h")} / ${flaggedShare("1d", "1h")})`;
  return [
    {
      name: "DeclineShareHigh",
      severity: "page",
      expression: `${shareOf("decline", "30m")} > ${declineLimit}\nand ${enoughIn("30m")}`,
      holdsFor: "5m",
      summary: `{{ $value | humanizePercentage }} of payments are declined; ${percent(declineLimit)} may be`,
      impact: "Good customers are turned away: more likely a defect of ours than a wave of fraud.",
      dashboard: "tollgate-fraud-and-money",
    },
    {
      name: "AlertBudgetExceeded",
      severity: "ticket",
      expression: `${flaggedShare("6h")} > ${alertLimit}\nand ${enoughIn("6h")}`,
      holdsFor: "30m",
      summary: `{{ $value | humanizePercentage }} of payments go to analysts; ${percent(alertLimit)} may`,
      impact: "Analysts cannot look at all of them: reviews pile up and frauds wait in the queue.",
      dashboard: "tollgate-fraud-and-money",
    },
    {
      name: "DecisionMixShifted",
      severity: "ticket",
      expression:
        `(${shift} > ${mixShiftFactor} or ${shift} < ${1 / mixShiftFactor})\n` +
        `and ${enoughIn("1h")}\nand ${enoughIn("1d", "1h")}`,
      holdsFor: "30m",
      summary: 'The share of flagged payments is {{ $value | printf "%.2f" }} times that of the day before',
      impact: "The model's scores, or what it is fed, have changed: labels will say it weeks later.",
      dashboard: "tollgate-fraud-and-money",
    },
    {
      name: "DecisionsDegraded",
      severity: "page",
      expression:
        `${sum(rate(select("degraded"), "5m"), ["part"])} / scalar(${sum(rate(select("decisions"), "5m"))})` +
        ` > ${alertLimits.degradedShare}`,
      holdsFor: "5m",
      summary: "{{ $value | humanizePercentage }} of decisions are made without {{ $labels.part }}",
      impact: "Answers come in time, but with less knowledge: fraud passes that would have been caught.",
      dashboard: "tollgate-scoring",
    },
  ];
}

/** The share of one outcome among all decisions. */
function shareOf(outcome: "decline" | "review", window: Window): string {
  const those = sum(rate(select("decisions", { outcome }), window));
  return `${those} / ${sum(rate(select("decisions"), window))}`;
}

function flaggedShare(window: Window, offset?: Window): string {
  const flagged = select("decisions", { outcome: matching("review|decline") });
  const those = sum(increase(flagged, window, offset));
  return `(${those} / ${sum(increase(select("decisions"), window, offset))})`;
}

function enoughIn(window: Window, offset?: Window): string {
  return `${sum(increase(select("decisions"), window, offset))} > ${alertLimits.decisionsForAShare}`;
}

function percent(share: number): string {
  return `${rounded(share * 100)}%`;
}
