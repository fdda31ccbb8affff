import type { MetricKey } from "@tollgate/telemetry";

type AppName = "scoring-api" | "transaction-consumer" | "ledger" | "drift-monitor";

const both = ["scoring-api", "transaction-consumer"] as const;
const api = ["scoring-api"] as const;
const consumer = ["transaction-consumer"] as const;
const ledger = ["ledger"] as const;
const drift = ["drift-monitor"] as const;

/** The apps that set each metric; the others show it at zero. A metric without a line is a type error. */
export const metricApps: Readonly<Record<MetricKey, readonly AppName[]>> = {
  scoreDuration: both,
  stageDuration: both,
  decisions: both,
  degraded: both,
  duplicates: [...both, "ledger"],
  featureStatus: both,
  featureAge: both,
  featureFreshness: consumer,
  applierConflicts: consumer,
  labelsApplied: consumer,
  labelDelay: ledger,
  labelsPublished: ledger,
  labelBacklog: ledger,
  stateConflicts: both,
  claimsResumed: both,
  featureRowsRefused: both,
  featureStoreCircuitOpen: both,
  inferenceFailures: both,
  inferenceRows: both,
  inferenceExecutions: both,
  score: both,
  modelInfo: both,
  modelLoads: both,
  modelLoadDuration: both,
  modelVersionsLoaded: both,
  acceleratorBreakEvenRows: both,
  acceleratorFailures: both,
  processes: api,
  processRestarts: api,
  httpRequests: api,
  httpRequestDuration: api,
  rateLimited: api,
  rejected: api,
  eventLogAppends: both,
  outboxPending: both,
  outboxPendingBytes: both,
  consumerLag: ["transaction-consumer", "ledger"],
  deadLetters: consumer,
  webhooks: consumer,
  ledgerRows: ledger,
  driftAlarm: drift,
  driftScore: drift,
  driftStatus: drift,
  driftWindows: drift,
  driftWatermark: drift,
  driftOddities: drift,
  driftWaitingLabels: drift,
  driftWebhooks: drift,
  estimatedRecall: drift,
  realisedRecall: drift,
  labelMaturity: drift,
  segmentFalsePositiveRate: drift,
  segmentFalsePositiveRatio: drift,
  fraudValue: drift,
};
