import { driftMetrics } from "./drift-metrics.ts";

/** The allowed values of a label, or `"open"` where they come from configuration (a topic, an entity). */
type LabelValues = readonly string[] | "open";

/** One metric as Prometheus sees it. Base units: seconds, bytes; counters end in `_total`. */
export interface MetricDefinition {
  readonly name: `tollgate_${string}`;
  readonly kind: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly labels: Readonly<Record<string, LabelValues>>;
  /** Upper bounds of a histogram, in its unit, rising. */
  readonly buckets?: readonly number[];
  /** Of a gauge: what the processes of one service show together. A sum for amounts, which is the default. */
  readonly across?: "sum" | "largest";
}

const platformMetrics = {
  scoreDuration: {
    name: "tollgate_score_duration_seconds",
    kind: "histogram",
    help: "Time of one scoring call, from accepted input to recorded decisions.",
    labels: { source: ["http", "kafka"] },
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.0075, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1],
  },
  stageDuration: {
    name: "tollgate_stage_duration_seconds",
    kind: "histogram",
    help: "Time of one stage of a transaction's way.",
    labels: { stage: ["recall", "compute", "predict", "decide", "record"] },
    buckets: [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25],
  },
  decisions: {
    name: "tollgate_decisions_total",
    kind: "counter",
    help: "First decisions, recorded durably. A repeated transaction is not counted here.",
    labels: {
      outcome: ["approve", "review", "decline"],
      source: ["http", "kafka"],
      rung: ["model", "rules"],
    },
  },
  degraded: {
    name: "tollgate_degraded_total",
    kind: "counter",
    help: "Decisions made without a part that was late or down.",
    labels: { part: ["features", "state-write", "model", "event-log"] },
  },
  duplicates: {
    name: "tollgate_duplicates_total",
    kind: "counter",
    help: "Transactions or records seen again and not counted again.",
    labels: { source: ["http", "kafka", "ledger", "decision-log"] },
  },
  featureStatus: {
    name: "tollgate_feature_status_total",
    kind: "counter",
    help: "Entity states read for scoring, by what was found.",
    labels: {
      entity: "open",
      status: ["PRESENT", "NULL_VALUE", "NOT_FOUND", "OUTSIDE_MAX_AGE"],
    },
  },
  featureAge: {
    name: "tollgate_feature_age_seconds",
    kind: "histogram",
    help: "Event time from an entity's last transaction to the one being scored.",
    labels: { entity: "open" },
    buckets: [0.1, 0.5, 1, 2, 5, 10, 60, 600, 3_600, 21_600, 86_400, 604_800, 2_592_000, 7_776_000],
  },
  featureFreshness: {
    name: "tollgate_feature_freshness_seconds",
    kind: "histogram",
    help: "Time from a decision to its being counted in the streamed states of an entity.",
    labels: { entity: "open" },
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 1.5, 2, 3, 5, 10, 30, 60, 300, 3_600],
  },
  applierConflicts: {
    name: "tollgate_applier_conflicts_total",
    kind: "counter",
    help: "States that changed underneath who applied the log; each is tried again on the newer state.",
    labels: {},
  },
  labelsApplied: {
    name: "tollgate_labels_applied_total",
    kind: "counter",
    help: "Labelled transactions brought into entity states; redelivered ones are in it, and count once.",
    labels: {},
  },
  labelDelay: {
    name: "tollgate_label_delay_seconds",
    kind: "histogram",
    help: "Event time from a transaction to the label that decides on it, when it is published.",
    labels: {},
    buckets: [
      3_600, 21_600, 86_400, 259_200, 604_800, 1_209_600, 2_592_000, 5_184_000, 7_776_000, 15_552_000,
    ],
  },
  labelsPublished: {
    name: "tollgate_labelled_transactions_published_total",
    kind: "counter",
    help: "Labelled transactions acknowledged by Kafka: found to be fraud, or taken back.",
    labels: { fraud: ["true", "false"] },
  },
  labelBacklog: {
    name: "tollgate_labelled_transactions_backlog",
    kind: "gauge",
    help: "Labelled transactions in the ledger that are not published yet.",
    labels: {},
  },
  stateConflicts: {
    name: "tollgate_state_conflicts_total",
    kind: "counter",
    help: "Compare-and-set writes that another writer won; each is tried again on the newer state.",
    labels: {},
  },
  claimsResumed: {
    name: "tollgate_claims_resumed_total",
    kind: "counter",
    help: "Transactions counted before a crash and decided after it, from the same feature vector.",
    labels: {},
  },
  featureRowsRefused: {
    name: "tollgate_feature_rows_refused_total",
    kind: "counter",
    help: "Stored states that could not be read: damaged, or put there by a stranger; treated as unknown.",
    labels: {
      entity: "open",
      reason: ["length", "magic", "format", "kind", "layout", "checksum"],
    },
  },
  featureStoreCircuitOpen: {
    name: "tollgate_feature_store_circuit_open",
    kind: "gauge",
    across: "largest",
    help: "1 while the circuit before Redis is open or half-open: recalls fail at once instead of waiting.",
    labels: {},
  },
  inferenceFailures: {
    name: "tollgate_inference_failures_total",
    kind: "counter",
    help: "Callers of the model that got no score, by reason (Triton's words).",
    labels: {
      reason: ["REJECTED", "CANCELED", "BACKEND", "OTHER"],
      priority: ["champion", "shadow"],
    },
  },
  inferenceRows: {
    name: "tollgate_inference_rows_total",
    kind: "counter",
    help: "Feature vectors scored by the model.",
    labels: {},
  },
  inferenceExecutions: {
    name: "tollgate_inference_executions_total",
    kind: "counter",
    help: "Model executions; rows divided by executions is the mean batch.",
    labels: {},
  },
  score: {
    name: "tollgate_score",
    kind: "histogram",
    help: "Scores that a model version gave, in [0, 1].",
    labels: { model: "open", version: "open" },
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 1],
  },
  modelInfo: {
    name: "tollgate_model_info",
    kind: "gauge",
    across: "largest",
    help: "1 for the model version that serves, 0 for those that did before it.",
    labels: { model: "open", version: "open", digest: "open" },
  },
  modelLoads: {
    name: "tollgate_model_loads_total",
    kind: "counter",
    help: "Looks at the alias that led to something: a version loaded, refused, or the alias not readable.",
    labels: { result: ["loaded", "refused", "unreadable"] },
  },
  modelLoadDuration: {
    name: "tollgate_model_load_duration_seconds",
    kind: "histogram",
    help: "Time to load, verify and warm up a version while another one serves.",
    labels: {},
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  },
  modelVersionsLoaded: {
    name: "tollgate_model_versions_loaded",
    kind: "gauge",
    across: "largest",
    help: "Versions of models that callers may choose from, the one that serves everybody among them.",
    labels: {},
  },
  acceleratorBreakEvenRows: {
    name: "tollgate_accelerator_break_even_rows",
    kind: "gauge",
    across: "largest",
    help: "Rows of a batch from which the device measured faster than the CPU; 0 while the CPU scores all.",
    labels: { model: "open", version: "open" },
  },
  acceleratorFailures: {
    name: "tollgate_accelerator_failures_total",
    kind: "counter",
    help: "Devices that stopped working while they scored; the CPU scored what they had.",
    labels: {},
  },
  processes: {
    name: "tollgate_processes",
    kind: "gauge",
    help: "Processes of this service that serve.",
    labels: {},
  },
  processRestarts: {
    name: "tollgate_process_restarts_total",
    kind: "counter",
    help: "Processes of this service that ended by themselves and were started again.",
    labels: {},
  },
  httpRequests: {
    name: "tollgate_http_requests_total",
    kind: "counter",
    help: "HTTP requests by route and status; status `aborted`: the client left before the answer.",
    labels: { route: "open", status: "open" },
  },
  httpRequestDuration: {
    name: "tollgate_http_request_duration_seconds",
    kind: "histogram",
    help: "Time from a request's headers to the last byte of its answer.",
    labels: { route: "open" },
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.0075, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 5],
  },
  rateLimited: {
    name: "tollgate_rate_limited_total",
    kind: "counter",
    help: "Requests refused because their API key's rate was used up.",
    labels: {},
  },
  rejected: {
    name: "tollgate_rejected_total",
    kind: "counter",
    help: "HTTP requests or batch items refused, by error code.",
    labels: { reason: "open" },
  },
  eventLogAppends: {
    name: "tollgate_event_log_appends_total",
    kind: "counter",
    help: "Decisions made durable: acknowledged by Kafka, or kept in the outbox while Kafka is away.",
    labels: { destination: ["log", "outbox"] },
  },
  outboxPending: {
    name: "tollgate_outbox_pending_records",
    kind: "gauge",
    help: "Decisions in the outbox that Kafka does not have yet.",
    labels: {},
  },
  outboxPendingBytes: {
    name: "tollgate_outbox_pending_bytes",
    kind: "gauge",
    help: "Size of the decisions in the outbox that Kafka does not have yet.",
    labels: {},
  },
  consumerLag: {
    name: "tollgate_kafka_consumer_lag_records",
    kind: "gauge",
    help: "Records of a partition that this consumer has not handled yet.",
    labels: { topic: "open", partition: "open" },
  },
  deadLetters: {
    name: "tollgate_dead_letters_total",
    kind: "counter",
    help: "Kafka records sent to the dead-letter topic.",
    labels: {
      reason: [
        "NOT_UTF8",
        "NOT_JSON",
        "TOO_LARGE",
        "INVALID",
        "EMPTY",
        "MODEL_NOT_LOADED",
        "TRANSACTION_ID_TAKEN",
      ],
    },
  },
  webhooks: {
    name: "tollgate_webhooks_total",
    kind: "counter",
    help: "Webhooks of transactions handed in: taken by the receiver, to be tried again, given up, refused.",
    labels: { result: ["delivered", "failed", "given-up", "not-allowed"] },
  },
  ledgerRows: {
    name: "tollgate_ledger_rows_total",
    kind: "counter",
    help: "Rows written to PostgreSQL for the first time.",
    labels: { table: "open" },
  },
} as const;

/**
 * Every metric of the platform, and only those that are emitted. Label sets are small on purpose: no label
 * holds a card or a key; a feature only where one is out of the ordinary.
 */
export const catalogue: typeof platformMetrics & typeof driftMetrics = {
  ...platformMetrics,
  ...driftMetrics,
};
