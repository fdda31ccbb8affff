import type { AlertCase } from "./alert-case.ts";

const up = 'up{job="tollgate",instance="api:8080"}';
const startTime = 'tollgate_process_start_time_seconds{job="tollgate",instance="api:8080"}';
const eventLoop = 'tollgate_nodejs_eventloop_lag_p99_seconds{job="tollgate",instance="api:8080"}';
const replica = { job: "tollgate", instance: "api:8080" };

export const processCases: readonly AlertCase[] = [
  {
    alert: "ProcessDown",
    firing: {
      at: "8m",
      series: { [up]: "1x5 0x10" },
      labels: replica,
      summary: "api:8080 does not answer Prometheus (up = 0)",
    },
    quiet: [
      { because: "one scrape was missed", at: "7m", series: { [up]: "1x5 0 1x10" } },
      {
        because: "another job's process is not ours",
        at: "8m",
        series: { 'up{job="other",instance="a"}': "0x10" },
      },
    ],
  },
  {
    alert: "NothingMonitored",
    firing: {
      at: "10m",
      series: { 'up{job="other",instance="a"}': "1x10" },
      labels: { job: "tollgate" },
      summary: "Prometheus scrapes no process as job tollgate (absent = 1)",
    },
    quiet: [{ because: "one process is seen", at: "10m", series: { [up]: "0x10" } }],
  },
  {
    alert: "ProcessRestarting",
    firing: {
      at: "20m",
      series: { [startTime]: "100x5 200x5 300x5 400x5" },
      labels: replica,
      summary: "api:8080 started 3 times anew within 30 minutes",
    },
    quiet: [{ because: "a deployment restarts once", at: "20m", series: { [startTime]: "100x10 700x10" } }],
  },
  {
    alert: "EventLoopBlocked",
    firing: {
      at: "15m",
      series: { [eventLoop]: "0.2x15" },
      labels: replica,
      summary: "The event loop of api:8080 stands still for 200ms (p99)",
    },
    quiet: [
      { because: "a collection of garbage takes a moment", at: "15m", series: { [eventLoop]: "0.02x15" } },
    ],
  },
];
