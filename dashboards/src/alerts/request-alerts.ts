import { orZero, rate, sum } from "../metrics/promql.ts";
import { matching, select } from "../metrics/select.ts";
import type { Alert } from "./alert.ts";
import { alertLimits } from "./limits.ts";

/** What callers see and send. */
export function requestAlerts(): readonly Alert[] {
  const failed = sum(rate(select("httpRequests", { status: matching("5..") }), "5m"), ["route"]);
  const answered = sum(rate(select("httpRequests"), "5m"), ["route"]);
  const rejected = sum(rate(select("rejected"), "15m"), ["reason"]);
  const taken = sum(rate(select("decisions", { source: "http" }), "15m"));
  const offered = `scalar(${orZero(sum(rate(select("rejected"), "15m")))} + ${taken})`;
  const now = sum(rate(select("decisions"), "10m"));
  return [
    {
      name: "HttpErrorSpike",
      severity: "page",
      expression: `${failed} / ${answered} > ${alertLimits.errorSpikeShare}`,
      holdsFor: "2m",
      summary: "{{ $value | humanizePercentage }} of the answers of {{ $labels.route }} are 5xx",
      impact: "Callers get errors now, faster than the error budget's windows can tell.",
      dashboard: "tollgate-scoring",
    },
    {
      name: "RejectedInputSpike",
      severity: "ticket",
      expression: `${rejected} / ${offered} > ${alertLimits.rejectedShare}`,
      holdsFor: "10m",
      summary: "{{ $value | humanizePercentage }} of what callers send is refused: {{ $labels.reason }}",
      impact: "A caller sends what is not accepted: those payments are not scored.",
      dashboard: "tollgate-scoring",
    },
    {
      name: "NoTraffic",
      severity: "page",
      expression: `${now} == 0\nand ${sum(rate(select("decisions"), "1d"))} > 0`,
      holdsFor: "5m",
      summary: "{{ $value }} decisions a second for 10 minutes; there were some within the last day",
      impact: "Nobody asks, or nobody can: payments may pass elsewhere unscored.",
      dashboard: "tollgate-overview",
    },
  ];
}
