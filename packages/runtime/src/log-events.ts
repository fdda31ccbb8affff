import { stateLogEvents } from "./state-log-events.ts";

/** How serious a log line is; `debug` says what happens to single transactions, and is off by default. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** What a field of a log line holds; with a question mark it may be absent. */
export type LogFieldType = "string" | "number" | "boolean" | "string?" | "number?" | "boolean?";

/** One kind of log line. */
export interface LogEventDefinition {
  readonly level: LogLevel;
  readonly meaning: string;
  readonly fields: Readonly<Record<string, LogFieldType>>;
}

const ownLogEvents = {
  // Every process
  started: { level: "info", meaning: "Everything of the process is open.", fields: {} },
  stopping: { level: "info", meaning: "The process closes its parts.", fields: { reason: "string" } },
  "stop-failed": { level: "error", meaning: "Parts that did not stop in time.", fields: { parts: "string" } },
  "log-level-changed": { level: "warn", meaning: "By SIGUSR2.", fields: { to: "string" } },
  uncaught: {
    level: "error",
    meaning: "An error nobody caught: the process ends.",
    fields: { message: "string", stack: "string?" },
  },
  probes: { level: "info", meaning: "Probes are served.", fields: { host: "string", port: "number" } },
  "probe-failed": {
    level: "error",
    meaning: "A probe could not be answered.",
    fields: { message: "string" },
  },
  "part-ready": { level: "info", meaning: "A part works again.", fields: { part: "string" } },
  "part-not-ready": {
    level: "warn",
    meaning: "A part failed its readiness check.",
    fields: { part: "string", reason: "string" },
  },
  "spans-not-exported": {
    level: "warn",
    meaning: "The receiver of traces did not take spans: they are lost, nothing else is.",
    fields: { message: "string", suppressedBefore: "number" },
  },

  // HTTP
  listening: {
    level: "info",
    meaning: "The HTTP interface is open.",
    fields: { host: "string", port: "number", auth: "string" },
  },
  "process-ended": {
    level: "error",
    meaning: "One of the processes behind the port ended by itself; another takes its place.",
    fields: { process: "number", ended: "string", restartInMs: "number" },
  },
  "request-failed": {
    level: "error",
    meaning: "A request ended in an error of ours.",
    fields: { message: "string", stack: "string?" },
  },
  "batch-failed": {
    level: "error",
    meaning: "A part of a batch ended in an error of ours.",
    fields: { message: "string", transactions: "number" },
  },
  "transaction-decided": {
    level: "debug",
    meaning: "A decision was answered.",
    fields: { outcome: "string", rung: "string", repeated: "boolean", micros: "number" },
  },
  "labels-not-recorded": {
    level: "warn",
    meaning: "Labels were not taken by Kafka.",
    fields: { labels: "number", message: "string" },
  },
  "decision-not-looked-up": {
    level: "warn",
    meaning: "No place could be asked.",
    fields: { message: "string" },
  },

  // Scoring
  "kafka-away-at-start": {
    level: "warn",
    meaning: "Decisions begin in the outbox.",
    fields: { message: "string" },
  },
  "first-decisions-lost": {
    level: "warn",
    meaning: "Redis did not take first decisions: a retry is decided again from the claim.",
    fields: { count: "number" },
  },
  "warmed-up": { level: "info", meaning: "The way was rehearsed.", fields: { milliseconds: "number" } },

  "not-a-webhook": {
    level: "error",
    meaning: "A record of the webhooks' topic is none: it is passed over.",
    fields: { partition: "number", offset: "string" },
  },
  "webhook-given-up": {
    level: "error",
    meaning: "A receiver did not take what it asked for: it can still ask for the decision.",
    fields: { deliveryId: "string", origin: "string", attempts: "number", message: "string" },
  },
  "submission-not-recorded": {
    level: "warn",
    meaning: "Kafka did not take a transaction that was handed in: its caller was told so.",
    fields: { requestId: "string", message: "string" },
  },
  "submissions-not-noted": {
    level: "warn",
    meaning: "Redis did not take what became of transactions handed in: who asks is told nothing yet.",
    fields: { count: "number", message: "string" },
  },

  // Models
  "model-loaded": {
    level: "info",
    meaning: "A version is loaded, verified and warm.",
    fields: {
      model: "string",
      digest: "string",
      bytes: "number",
      placement: "string",
      accelerator: "string",
      breakEvenRows: "number?",
      acceleratorNote: "string?",
      goldenDifference: "number",
      fixedMicros: "number",
      perRowMicros: "number",
      openMs: "number",
      loadMs: "number",
    },
  },
  "model-swapped": {
    level: "info",
    meaning: "Another version serves.",
    fields: { name: "string", from: "number?", to: "number", loadMs: "number", drainMs: "number" },
  },
  "model-unloaded": {
    level: "info",
    meaning: "No reference means this version any more: its memory is free.",
    fields: { name: "string", version: "number" },
  },
  "model-refused": {
    level: "error",
    meaning: "A version was not taken; the one before it serves on.",
    fields: { name: "string", version: "number", served: "number?", message: "string" },
  },
  "model-alias-unreadable": {
    level: "error",
    meaning: "The registry does not say what the alias points to.",
    fields: { name: "string", alias: "string", message: "string" },
  },
  "accelerator-failed": {
    level: "error",
    meaning: "The device failed; the CPU answers.",
    fields: { model: "string", provider: "string", message: "string" },
  },
  "accelerator-full": {
    level: "warn",
    meaning: "The device's memory is promised to other versions; the CPU answers.",
    fields: { model: "string", bytes: "number", limitBytes: "number", reservedBytes: "number" },
  },
  "scoring-worker-died": {
    level: "error",
    meaning: "The model's worker thread ended; another is started, or too many did.",
    fields: { model: "string", reason: "string", restarted: "boolean" },
  },

  // Event log
  "event-log-up": { level: "info", meaning: "Kafka takes decisions.", fields: { outboxPending: "number" } },
  "event-log-down": {
    level: "warn",
    meaning: "Kafka is away: decisions go to the outbox until it is connected again.",
    fields: { records: "number", limitMs: "number" },
  },
  "event-log-overdue": {
    level: "warn",
    meaning: "Kafka has not acknowledged while callers wait: decisions go to the outbox until it has.",
    fields: { records: "number", patienceMs: "number" },
  },
  "event-log-unreachable": {
    level: "warn",
    meaning: "Kafka could not be connected.",
    fields: { message: "string" },
  },
  "outbox-drained": { level: "info", meaning: "Kafka has them now.", fields: { records: "number" } },
  "outbox-drain-stopped": { level: "warn", meaning: "It is tried again.", fields: { message: "string" } },
  "outbox-torn-tail": {
    level: "warn",
    meaning: "A write that was never acknowledged was cut off.",
    fields: { path: "string", cutBytes: "number" },
  },
  "outbox-damaged": {
    level: "error",
    meaning: "A segment is damaged; what cannot be read is kept beside it.",
    fields: { path: "string", cutBytes: "number", keptIn: "string" },
  },
  "kafka-client": {
    level: "warn",
    meaning: "The Kafka client says something; it goes on by itself.",
    fields: { message: "string", broker: "string?", error: "string?", suppressedBefore: "number?" },
  },
  "send-retried": {
    level: "warn",
    meaning: "Kafka did not take records; they are sent again.",
    fields: { topic: "string", records: "number", message: "string" },
  },
  "batch-retried": {
    level: "warn",
    meaning: "A batch was not handled; the same one comes again.",
    fields: { topic: "string", partition: "number", message: "string" },
  },
  "commit-failed": {
    level: "warn",
    meaning: "An offset was not committed; the next commit makes up for it.",
    fields: { topic: "string", message: "string" },
  },
  "consumer-crashed": {
    level: "warn",
    meaning: "The client gave up.",
    fields: { topic: "string", message: "string" },
  },
  "consumer-restarts": {
    level: "warn",
    meaning: "A crashed or stalled client is replaced.",
    fields: { topic: "string", crashed: "boolean" },
  },
  "consumer-start-failed": {
    level: "warn",
    meaning: "The client did not start; it is tried again.",
    fields: { topic: "string", message: "string" },
  },
  "not-a-decision": {
    level: "error",
    meaning: "A record of the log of decisions is passed over.",
    fields: { partition: "number", offset: "string" },
  },
  "not-a-labelled-transaction": {
    level: "error",
    meaning: "A record is passed over.",
    fields: { offset: "string" },
  },

  // Ledger
  "schema-ready": { level: "info", meaning: "Migrations are applied.", fields: { applied: "string" } },
  "schema-not-ready": { level: "warn", meaning: "It is tried again.", fields: { message: "string" } },
  "postgres-connection-lost": { level: "warn", meaning: "An idle one.", fields: { message: "string" } },
  "records-not-new": {
    level: "warn",
    meaning: "Records that are there already, or that are no records.",
    fields: { table: "string", duplicates: "number", unreadable: "number", skipped: "number" },
  },
  "records-archived": {
    level: "debug",
    meaning: "A batch of the log is in PostgreSQL.",
    fields: { table: "string", partition: "number", written: "number", micros: "number" },
  },
  "ledger-gap": {
    level: "error",
    meaning: "The log lost records before the ledger had read them.",
    fields: { topic: "string", partition: "number", missing: "number", from: "string", to: "string" },
  },
  "publishing-labels": {
    level: "info",
    meaning: "This ledger publishes labelled transactions.",
    fields: { from: "number", adopted: "number" },
  },
  "labels-not-published": { level: "warn", meaning: "It is tried again.", fields: { message: "string" } },

  // Drift monitor
  "drift-log-gap": {
    level: "error",
    meaning: "The log lost records before they were counted.",
    fields: { topic: "string", partition: "number", from: "string", to: "string" },
  },
  "drift-api": {
    level: "info",
    meaning: "Where verdicts can be read.",
    fields: { host: "string", port: "number" },
  },
  "drift-api-failed": {
    level: "warn",
    meaning: "An answer that could not be given.",
    fields: { message: "string" },
  },
  "drift-metrics-not-read": {
    level: "warn",
    meaning: "The gauges stay as they were.",
    fields: { message: "string" },
  },
  "drift-turn-failed": {
    level: "warn",
    meaning: "Folding and judging begin anew from PostgreSQL.",
    fields: { message: "string" },
  },
  "drift-leading": {
    level: "info",
    meaning: "This monitor judges what all of them count.",
    fields: { models: "string" },
  },
  drifted: {
    level: "warn",
    meaning: "A window is not as it was.",
    fields: { verdict: "string", explanation: "string" },
  },
  "reference-gone": {
    level: "error",
    meaning: "Counters of a model wait for its reference.",
    fields: { model: "string", reason: "string" },
  },
  "drift-alerts-not-read": {
    level: "warn",
    meaning: "They are looked for again.",
    fields: { message: "string" },
  },
  "drift-alert-not-delivered": {
    level: "warn",
    meaning: "A webhook was not taken.",
    fields: { verdict: "string", attempt: "number", givesUp: "boolean", message: "string" },
  },
  "model-not-comparable": {
    level: "warn",
    meaning: "A model has no reference to compare with.",
    fields: { model: "string", reason: "string" },
  },

  // Simulator
  "row-not-sent": {
    level: "warn",
    meaning: "A row of a file is no transaction.",
    fields: { file: "string", row: "number", message: "string" },
  },
} as const;

/**
 * Every log line of the platform, and only those that are written: its level and fields are types, so that
 * what an operator searches for does not change unseen. New lines go where their subject is.
 */
export const logEvents: typeof ownLogEvents & typeof stateLogEvents = {
  ...ownLogEvents,
  ...stateLogEvents,
};
