/** What the drift monitor shows; a part of the catalogue. */
export const driftMetrics = {
  driftAlarm: {
    name: "tollgate_drift_alarm",
    kind: "gauge",
    help: "1 while the latest window of its kind found this feature drifted, 0.5 for a warning.",
    labels: { model: "open", version: "open", window: "open", feature: "open" },
  },
  driftScore: {
    name: "tollgate_drift_score",
    kind: "gauge",
    help: "Effect of what the latest window found in this feature, in its aspect's unit; 0 when nothing.",
    labels: { model: "open", version: "open", window: "open", feature: "open" },
  },
  driftStatus: {
    name: "tollgate_drift_status",
    kind: "gauge",
    help: "1 for the status of the latest window of its kind, over all decisions of the model version.",
    labels: { model: "open", version: "open", window: "open", status: "open" },
  },
  driftWindows: {
    name: "tollgate_drift_windows_total",
    kind: "counter",
    help: "Windows judged by this monitor, by verdict; skipped: quarters of an hour it came too late for.",
    labels: { status: ["ok", "warning", "drifted", "inconclusive", "skipped"] },
  },
  driftWatermark: {
    name: "tollgate_drift_watermark_seconds",
    kind: "gauge",
    help: "Event time up to which decisions are counted, as Unix time; 0 on a monitor that does not judge.",
    labels: {},
  },
  driftOddities: {
    name: "tollgate_drift_oddities",
    kind: "gauge",
    help: "Records not counted as what they should be, by why, since the monitor's database began.",
    labels: { reason: "open" },
  },
  driftWaitingLabels: {
    name: "tollgate_drift_waiting_labels",
    kind: "gauge",
    help: "Labels whose transaction has no decision in the ledger.",
    labels: {},
  },
  driftWebhooks: {
    name: "tollgate_drift_webhooks_total",
    kind: "counter",
    help: "Attempts to tell of a drifted window by webhook.",
    labels: { result: ["delivered", "failed", "given-up"] },
  },
  estimatedRecall: {
    name: "tollgate_estimated_recall",
    kind: "gauge",
    help: "Recall of the latest whole day as its calibrated scores lead to expect, before labels.",
    labels: { model: "open", version: "open" },
  },
  realisedRecall: {
    name: "tollgate_realised_recall",
    kind: "gauge",
    help: "Recall of the latest day whose labels are mature.",
    labels: { model: "open", version: "open" },
  },
  labelMaturity: {
    name: "tollgate_label_maturity_ratio",
    kind: "gauge",
    help: "Expected share of a day's labels of fraud that have arrived, of the day seven days ago.",
    labels: { model: "open", version: "open" },
  },
  segmentFalsePositiveRate: {
    name: "tollgate_segment_false_positive_rate",
    kind: "gauge",
    help: "Share of a segment's honest payments that were flagged, over the latest days with mature labels.",
    labels: { model: "open", version: "open", segment: "open" },
  },
  segmentFalsePositiveRatio: {
    name: "tollgate_segment_false_positive_ratio",
    kind: "gauge",
    help: "A segment's false-positive rate over that of all others; 1 is equal treatment.",
    labels: { model: "open", version: "open", segment: "open" },
  },
  fraudValue: {
    name: "tollgate_fraud_value",
    kind: "gauge",
    help: "Value of fraud in the latest day whose labels are mature, in the base currency's major unit.",
    labels: { model: "open", version: "open", segment: "open", result: ["caught", "missed"] },
  },
} as const;
