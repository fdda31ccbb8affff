import type { AlertCase } from "./alert-case.ts";

const approved = decisions("approve");
const reviewed = decisions("review");
const declined = decisions("decline");

function decisions(outcome: string, source = "http"): string {
  return `tollgate_decisions_total{outcome="${outcome}",source="${source}",rung="model"}`;
}

/** Requests and decisions. */
export const decisionCases: readonly AlertCase[] = [
  {
    alert: "HttpErrorSpike",
    firing: {
      at: "10m",
      series: {
        'tollgate_http_requests_total{route="/v1/labels",status="202"}': "0+90x10",
        'tollgate_http_requests_total{route="/v1/labels",status="503"}': "0+10x10",
      },
      labels: { route: "/v1/labels" },
      summary: "10% of the answers of /v1/labels are 5xx",
    },
    quiet: [
      {
        because: "one in a hundred is for the error budget",
        at: "10m",
        series: {
          'tollgate_http_requests_total{route="/v1/score",status="200"}': "0+99x10",
          'tollgate_http_requests_total{route="/v1/score",status="503"}': "0+1x10",
        },
      },
      {
        because: "refusing a caller's mistakes is no error of ours",
        at: "10m",
        series: {
          'tollgate_http_requests_total{route="/v1/score",status="200"}': "0+50x10",
          'tollgate_http_requests_total{route="/v1/score",status="400"}': "0+50x10",
        },
      },
    ],
  },
  {
    alert: "RejectedInputSpike",
    firing: {
      at: "30m",
      series: { 'tollgate_rejected_total{reason="INVALID_TRANSACTION"}': "0+10x30", [approved]: "0+90x30" },
      labels: { reason: "INVALID_TRANSACTION" },
      summary: "10% of what callers send is refused: INVALID_TRANSACTION",
    },
    quiet: [
      {
        because: "two in a hundred are usual",
        at: "30m",
        series: { 'tollgate_rejected_total{reason="INVALID_TRANSACTION"}': "0+2x30", [approved]: "0+98x30" },
      },
    ],
  },
  {
    alert: "NoTraffic",
    firing: {
      at: "50m",
      series: { [approved]: "0+10x30 300+0x20" },
      summary: "0 decisions a second for 10 minutes; there were some within the last day",
    },
    quiet: [
      { because: "a new installation has had none yet", at: "50m", series: { [approved]: "0x50" } },
      {
        because: "Kafka still delivers",
        at: "50m",
        series: { [approved]: "0+10x30 300+0x20", [decisions("approve", "kafka")]: "0+1x50" },
      },
    ],
  },
  {
    alert: "DeclineShareHigh",
    firing: {
      at: "40m",
      series: { [approved]: "0+980x40", [declined]: "0+20x40" },
      summary: "2% of payments are declined; 0.9% may be",
    },
    quiet: [
      {
        because: "the share is what the client planned",
        at: "40m",
        series: { [approved]: "0+997x40", [declined]: "0+3x40" },
      },
      {
        because: "a share of 50 decisions says nothing",
        at: "40m",
        series: { [approved]: "0+1x40", [declined]: "0+1x40" },
      },
    ],
  },
  {
    alert: "AlertBudgetExceeded",
    firing: {
      at: "1h",
      series: { [approved]: "0+975x60", [reviewed]: "0+23x60", [declined]: "0+2x60" },
      summary: "2.5% of payments go to analysts; 1.5% may",
    },
    quiet: [
      {
        because: "the budget is kept",
        at: "1h",
        series: { [approved]: "0+990x60", [reviewed]: "0+8x60", [declined]: "0+2x60" },
      },
    ],
  },
  {
    alert: "DecisionMixShifted",
    firing: {
      at: "185m",
      series: { [approved]: "0+99x120 11977+97x70", [reviewed]: "0+1x120 123+3x70" },
      summary: "The share of flagged payments is 2.78 times that of the day before",
    },
    quiet: [
      {
        because: "the mix is the same, whatever the amount of traffic",
        at: "185m",
        series: { [approved]: "0+99x120 12870+990x70", [reviewed]: "0+1x120 130+10x70" },
      },
      {
        because: "there is no day before to compare with",
        at: "100m",
        series: { [approved]: "0+99x30 3067+97x70", [reviewed]: "0+1x30 33+3x70" },
      },
    ],
  },
  {
    alert: "DecisionsDegraded",
    firing: {
      at: "20m",
      series: { 'tollgate_degraded_total{part="features"}': "0+5x20", [approved]: "0+100x20" },
      labels: { part: "features" },
      summary: "5% of decisions are made without features",
    },
    quiet: [
      {
        because: "one in two hundred is a late packet",
        at: "20m",
        series: { 'tollgate_degraded_total{part="features"}': "0+1x20", [approved]: "0+200x20" },
      },
    ],
  },
];
