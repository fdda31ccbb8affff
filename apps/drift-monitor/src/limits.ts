/** Named limits of the drift monitor. */
export const driftMonitorLimits = {
  /** Pauses between attempts to bring the schema up to date while PostgreSQL is away. */
  migrateRetryMs: 1_000,
  /** Nobody waits for a count: on a busy machine a late heartbeat should not cost a rebalance. */
  sessionTimeoutMs: 30_000,
  /**
   * A fetch waits up to this for so much, about 1,800 decisions: each stretch of a partition costs a delta of
   * every tile it touches, to be written, read and added.
   */
  gatherMs: 2_000,
  gatherBytes: 4_194_304,
  /** The broker's own answer to a fetch must not be late for it. */
  fetchPartitionBytes: 4_194_304,
  /** A larger record is not one of ours; the transaction in it is at most 16 KiB. */
  recordBytes: 1_048_576,
  /** Decisions looked up in the ledger at a time, for the labels of one batch. */
  lookUps: 4,
  /**
   * The leader folds, judges and publishes this often: each turn writes every tile that has changed, and the
   * shortest window is a quarter of an hour.
   */
  turnMs: 5_000,
  /** Pauses between attempts to become the leader. */
  leaderRetryMs: 2_000,
  /** Deltas folded at a time, of some 200 KB each where event time runs fast: about 8 MB. */
  foldDeltas: 40,
  /**
   * Windows of a segment judged in one turn, 2 ms each: after a gap, folding and publishing go on. As
   * long as a turn is full the next one follows at once.
   */
  windowsPerTurn: 16,
  /** Verdicts published at a time. */
  publishVerdicts: 100,
  publishTimeoutMs: 10_000,
  /** Waiting labels looked up again in one turn. */
  waitingLabelsPerTurn: 200,
  /** Daily figures are made anew this often, for so many days back: labels of cards mature over weeks. */
  performanceEveryMs: 30_000,
  performanceDays: 42,
  /** Figures for /metrics are read from PostgreSQL this often. */
  metricsEveryMs: 5_000,
  /** A model version that had no reference is looked for again after this. */
  referenceRetryMs: 60_000,
  /** Model versions that are kept in memory at a time: champion, challenger and those before them. */
  modelVersions: 8,
  /** A webhook that has not answered by then has failed. */
  webhookAttemptMs: 5_000,
  /** Attempts for one alert, with pauses doubling from the first to the last: over about 20 minutes. */
  webhookAttempts: 8,
  webhookRetryFirstMs: 10_000,
  webhookRetryLastMs: 600_000,
  /** Alerts are looked for this often, so many at a time. */
  webhookPollMs: 1_000,
  webhookBatch: 10,
  /** Of a webhook's answer nothing is kept but its status; of an error, this much. */
  errorCharacters: 300,
  /** Verdicts in one answer of GET /v1/drift, by default and at most. */
  pageVerdicts: 50,
  pageVerdictsMax: 500,
  /** A request of the API has no body and short headers. */
  apiRequestTimeoutMs: 5_000,
  apiConnections: 64,
  /** A report asks for up to 500 verdicts at once. */
  reportRequestMs: 30_000,
} as const;
