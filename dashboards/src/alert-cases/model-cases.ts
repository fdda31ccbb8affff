import type { AlertCase } from "./alert-case.ts";

const alarm =
  'tollgate_drift_alarm{model="card-payments",version="1",window="day",feature="amount",instance="drift:1"}';
const refused = 'tollgate_model_loads_total{instance="api:8080",result="refused"}';

const givenUp = 'tollgate_drift_webhooks_total{result="given-up",instance="drift:1"}';
const gap = 'tollgate_drift_oddities{reason="log-gap",instance="drift:1"}';

export const modelCases: readonly AlertCase[] = [
  {
    alert: "ModelDrifted",
    firing: {
      at: "10m",
      series: { [alarm]: "0x5 1x10" },
      labels: { model: "card-payments", version: "1", window: "day", feature: "amount" },
      summary: "amount of card-payments@1 drifted within the last day (alarm = 1)",
    },
    quiet: [
      { because: "a warning is no alarm", at: "10m", series: { [alarm]: "0.5x20" } },
      { because: "it has passed", at: "20m", series: { [alarm]: "1x5 0x20" } },
    ],
  },
  {
    alert: "ModelLoadFailing",
    firing: {
      at: "14m",
      series: { [refused]: "0x5 3x20" },
      labels: { instance: "api:8080", result: "refused" },
      summary: "api:8080 could not take over a model version 3 times in 15 minutes: refused",
    },
    quiet: [
      {
        because: "a version that loads is no fault",
        at: "14m",
        series: { 'tollgate_model_loads_total{instance="api:8080",result="loaded"}': "0x5 3x20" },
      },
      { because: "it was refused long ago", at: "60m", series: { [refused]: "0x5 3x90" } },
    ],
  },
  {
    alert: "DriftWebhookGivenUp",
    firing: {
      at: "30m",
      series: { [givenUp]: "0x10 2x50" },
      labels: {},
      summary: "2 verdicts of drift did not reach the webhook within the last hour",
    },
    quiet: [
      {
        because: "an attempt that failed is tried again",
        at: "30m",
        series: { 'tollgate_drift_webhooks_total{result="failed",instance="drift:1"}': "0x10 2x50" },
      },
      { because: "it was given up hours ago", at: "3h", series: { [givenUp]: "0x10 2x200" } },
    ],
  },
  {
    alert: "DriftRecordsLost",
    firing: {
      at: "15m",
      series: { [gap]: "0x10 3x10" },
      labels: { reason: "log-gap" },
      summary: "3 times within the last hour the drift monitor met: log-gap",
    },
    quiet: [
      { because: "it was seen to hours ago", at: "3h", series: { [gap]: "0x10 3x180" } },
      {
        because: "it is old, and Prometheus or the monitor is new",
        at: "15m",
        series: { [gap]: "_x10 3x10" },
      },
      {
        because: "a record that came twice is counted once and lost nothing",
        at: "15m",
        series: { 'tollgate_drift_oddities{reason="decision-repeated",instance="drift:1"}': "0x10 3x10" },
      },
    ],
  },
];
