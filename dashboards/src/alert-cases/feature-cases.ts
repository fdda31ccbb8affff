import type { AlertCase } from "./alert-case.ts";

const found = 'tollgate_feature_status_total{entity="card",status="PRESENT"}';
const notFound = 'tollgate_feature_status_total{entity="card",status="NOT_FOUND"}';
const refused = 'tollgate_feature_rows_refused_total{entity="card",reason="checksum"}';
const skew = 'tollgate_feature_skew_ratio{engagement="card-payments"}';
const labels = 'tollgate_ledger_rows_total{table="labels"}';
const archived = 'tollgate_ledger_rows_total{table="decisions"}';
const backlog = 'tollgate_labelled_transactions_backlog{instance="ledger:9103"}';

function fresh(bound: string): string {
  return `tollgate_feature_freshness_seconds_bucket{entity="merchant",le="${bound}"}`;
}

function late(bound: string): string {
  return `tollgate_label_delay_seconds_bucket{le="${bound}"}`;
}

export const featureCases: readonly AlertCase[] = [
  {
    alert: "FeatureStatesMissing",
    firing: {
      at: "80m",
      series: { [found]: "0+95x60 5720+20x20", [notFound]: "0+5x60 380+80x20" },
      labels: { entity: "card" },
      summary: "64.29% more card states than usual are missing",
    },
    quiet: [
      {
        because: "new cards are always strangers",
        at: "80m",
        series: { [found]: "0+90x80", [notFound]: "0+10x80" },
      },
      {
        because: "a campaign brings more strangers than usual",
        at: "80m",
        series: { [found]: "0+90x60 5480+80x20", [notFound]: "0+10x60 620+20x20" },
      },
    ],
  },
  {
    alert: "FeatureStatesStale",
    firing: {
      at: "30m",
      series: {
        [fresh("2")]: "0+50x30",
        [fresh("3")]: "0+90x30",
        [fresh("5")]: "0+100x30",
        [fresh("+Inf")]: "0+100x30",
      },
      labels: { entity: "merchant" },
      summary: "merchant states are 4.8s behind the decisions (p99); 2s are promised",
    },
    quiet: [
      {
        because: "all but a few are in time",
        at: "30m",
        series: {
          [fresh("1.5")]: "0+80x30",
          [fresh("2")]: "0+1000x30",
          [fresh("3")]: "0+1001x30",
          [fresh("+Inf")]: "0+1001x30",
        },
      },
    ],
  },
  {
    alert: "FeatureRowsRefused",
    firing: {
      at: "20m",
      series: { [refused]: "0+0x15 3+0x5" },
      labels: { entity: "card", reason: "checksum" },
      summary: "Stored card rows are refused (checksum): about 3",
    },
    quiet: [{ because: "they were refused, and rebuilt since", at: "40m", series: { [refused]: "3+0x40" } }],
  },
  {
    alert: "FeatureSkew",
    firing: {
      at: "5m",
      series: { [skew]: "0.002+0x5" },
      labels: { engagement: "card-payments" },
      summary: "0.2% of card-payments's decisions have other features when replayed",
    },
    quiet: [{ because: "the last measurement found none", at: "5m", series: { [skew]: "0+0x5" } }],
  },
  {
    alert: "LabelsLate",
    firing: {
      at: "2h",
      series: {
        [late("5.184e+06")]: "0+2x120",
        [late("7.776e+06")]: "0+10x120",
        [late("+Inf")]: "0+10x120",
      },
      summary: "Half of today's labels are more than 71d 6h 0m 0s late",
    },
    quiet: [
      {
        because: "two weeks are usual",
        at: "2h",
        series: {
          [late("604800")]: "0+2x120",
          [late("1.2096e+06")]: "0+10x120",
          [late("+Inf")]: "0+10x120",
        },
      },
    ],
  },
  {
    alert: "LabelsMissing",
    interval: "10m",
    firing: {
      at: "49h",
      series: { [labels]: "0+10x6 60+0x288", [archived]: "0+1000x294" },
      summary: "0 labels came within the last day",
    },
    quiet: [
      {
        because: "labels came",
        at: "49h",
        series: { [labels]: "0+10x294", [archived]: "0+1000x294" },
      },
      {
        because: "an installation of today has nothing to be labelled yet",
        at: "3h",
        series: { [archived]: "0+1000x18" },
      },
    ],
  },
  {
    alert: "LabelBacklogGrowing",
    firing: {
      at: "30m",
      series: { [backlog]: "0+200x30" },
      labels: { instance: "ledger:9103" },
      summary: "4000 labelled transactions wait to be published",
    },
    quiet: [
      {
        because: "an import is published within minutes",
        at: "30m",
        series: { [backlog]: "0x5 50000 40000 30000 20000 10000 0x25" },
      },
      { because: "a few hundred are on their way", at: "30m", series: { [backlog]: "300x30" } },
    ],
  },
];
