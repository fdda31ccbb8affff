/** Named limits of the ledger app. */
export const ledgerAppLimits = {
  /** Pauses between attempts to bring the schema up to date while PostgreSQL is away. */
  migrateRetryMs: 1_000,
  /** A fetch waits up to 250 ms for so much: about 250 decisions, one commit of PostgreSQL for them all. */
  gatherBytes: 393_216,
  /** A publisher looks for labelled transactions at least so often; its own ledger's wake it at once. */
  publishPollMs: 500,
  /** Pauses between attempts to become the one that publishes, or to go on after a failure. */
  publishRetryMs: 1_000,
} as const;
