/** Limits of the connection to PostgreSQL. */
export const ledgerLimits = {
  /** Two writers (decisions, labels), the publisher of labelled transactions and a few readers. */
  connections: 6,
  connectionTimeoutMs: 3_000,
  /** A statement that takes longer waits for a lock that is not coming. */
  statementTimeoutMs: 30_000,
  /** Waiting for another ledger that migrates at the same time. */
  migrationTimeoutMs: 60_000,
  /** Labelled transactions published at a time: about 500 kB. */
  publishRecords: 500,
} as const;
