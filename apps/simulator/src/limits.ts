/** Every limit of this app, in one place. Each has the reason for its number. */
export const simulatorLimits = {
  /** Sent to Kafka, not yet acknowledged: ten seconds at 2,000 a second. Beyond it, dropped and counted. */
  kafkaInFlight: 20_000,
  /** Gathered before they go to Kafka: a request to each broker 50 times a second instead of 250. */
  kafkaLingerMs: 20,
  /** Requests sent or waiting for a connection: four seconds at 500 a second. */
  httpInFlight: 2_000,
  /** Connections to the API: beyond this a laptop only queues elsewhere. */
  httpConnections: 64,
  /** A request without an answer by then is sent again with the same id. */
  httpTimeoutMs: 10_000,
  /** Longest an answer may be: a decision is about 1 KB. */
  httpAnswerBytes: 262_144,
  /** With pauses of up to five seconds: an API that restarts is back by then. */
  httpAttempts: 12,
  retryPauseFirstMs: 100,
  retryPauseMaxMs: 5_000,
  /** Labels in one record of the log or one request. */
  labelsPerRequest: 500,
  /** Labels not yet due: about 100 days of 100,000 customers. More are dropped and counted. */
  labelsWaiting: 200_000,
  /** Events made ahead in one go: 256 take about 2 ms, so a send is never late by more. */
  simulatedChunk: 256,
  /** Rows of a file in memory at a time. */
  fileChunk: 2_000,
  /** Due events are sent together this often: smaller costs a timer, larger makes bursts. */
  tickMs: 4,
  /** After the last event, what is in flight has this long to finish: a restart of the API fits. */
  finishMs: 60_000,
  progressMs: 1_000,
  /** Faults of a file that are named one by one; all are counted. */
  faultsNamed: 5,
} as const;
