import { processMetrics, scrapeJob, scrapeMetrics } from "../metrics/process-metrics.ts";
import { selector } from "../metrics/select.ts";
import type { Alert, Promises } from "./alert.ts";
import { alertLimits } from "./limits.ts";
import { rounded } from "./service-level-alerts.ts";

/** The processes themselves, and whether anybody looks at them. */
export function processAlerts({ service }: Promises): readonly Alert[] {
  const { restartsInHalfHour, eventLoopShareOfLatency } = alertLimits;
  const up = selector(scrapeMetrics.up, { job: scrapeJob });
  const lagLimit = rounded((eventLoopShareOfLatency * service.scoringLatencyP99Ms) / 1_000);
  return [
    {
      name: "ProcessDown",
      severity: "page",
      expression: `${up} == 0`,
      holdsFor: "1m",
      summary: "{{ $labels.instance }} does not answer Prometheus (up = {{ $value }})",
      impact: "A replica is gone, or stands still: the others carry its load.",
      dashboard: "tollgate-infrastructure",
    },
    {
      name: "NothingMonitored",
      severity: "page",
      expression: `absent(${up})`,
      holdsFor: "2m",
      summary: `Prometheus scrapes no process as job ${scrapeJob} (absent = {{ $value }})`,
      impact: "Every other alert is blind: silence means nothing now.",
      dashboard: "tollgate-infrastructure",
    },
    {
      name: "ProcessRestarting",
      severity: "ticket",
      expression: `changes(${processMetrics.startTime}[30m]) > ${restartsInHalfHour}`,
      holdsFor: "0s",
      summary: "{{ $labels.instance }} started {{ $value }} times anew within 30 minutes",
      impact: "A crash loop: each start costs a rebalance of the stream and a cold cache.",
      dashboard: "tollgate-infrastructure",
    },
    {
      name: "EventLoopBlocked",
      severity: "ticket",
      expression: `${processMetrics.eventLoopLagP99} > ${lagLimit}`,
      holdsFor: "10m",
      summary:
        "The event loop of {{ $labels.instance }} stands still for {{ $value | humanizeDuration }} (p99)",
      impact: "Every answer of the process waits so long, whatever the request.",
      dashboard: "tollgate-infrastructure",
    },
  ];
}
