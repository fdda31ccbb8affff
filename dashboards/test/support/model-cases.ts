import type { AlertCase } from "./promtool-test.ts";

const alarm =
  'tollgate_drift_alarm{model="card-payments",version="1",window="day",feature="amount",instance="drift:1"}';
const refused = 'tollgate_model_loads_total{instance="api:8080",result="refused"}';

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
];
