import type { AlertCase } from "./alert-case.ts";

const inTime = 'tollgate_http_request_duration_seconds_bucket{route="/v1/score",le="0.1"}';
const all = 'tollgate_http_request_duration_seconds_count{route="/v1/score"}';
const ok = 'tollgate_http_requests_total{route="/v1/score",status="200"}';
const failed = 'tollgate_http_requests_total{route="/v1/score",status="503"}';

export const serviceLevelCases: readonly AlertCase[] = [
  {
    alert: "ScoringLatencyBurnFast",
    firing: {
      at: "20m",
      series: { [inTime]: "0+80x20", [all]: "0+100x20" },
      summary: "20% of scoring requests took longer than 100 ms; 1% may",
    },
    quiet: [
      {
        because: "2 % too slow is for the daytime",
        at: "1h",
        series: { [inTime]: "0+98x60", [all]: "0+100x60" },
      },
      {
        because: "it was mended half an hour ago",
        at: "100m",
        series: { [inTime]: "0+80x60 4900+100x40", [all]: "0+100x100" },
      },
    ],
  },
  {
    alert: "ScoringLatencyBurnSlow",
    firing: {
      at: "1h",
      series: { [inTime]: "0+96x60", [all]: "0+100x60" },
      summary: "4% of scoring requests took longer than 100 ms; 1% may",
    },
    quiet: [
      {
        because: "half of the budget is what it is for",
        at: "1h",
        series: { [inTime]: "0+995x60", [all]: "0+1000x60" },
      },
    ],
  },
  {
    alert: "ScoringAvailabilityBurnFast",
    firing: {
      at: "20m",
      series: { [ok]: "0+95x20", [failed]: "0+5x20" },
      summary: "5% of scoring requests failed with a 5xx; 0.1% may",
    },
    quiet: [
      { because: "nothing failed, and no series of failures exists", at: "20m", series: { [ok]: "0+95x20" } },
      {
        because: "0.4 % is for the daytime",
        at: "1h",
        series: { [ok]: "0+996x60", [failed]: "0+4x60" },
      },
    ],
  },
  {
    alert: "ScoringAvailabilityBurnSlow",
    firing: {
      at: "1h",
      series: { [ok]: "0+996x60", [failed]: "0+4x60" },
      summary: "0.4% of scoring requests failed with a 5xx; 0.1% may",
    },
    quiet: [
      {
        because: "0.05 % is within the promise",
        at: "1h",
        series: { [ok]: "0+9995x60", [failed]: "0+5x60" },
      },
    ],
  },
];
