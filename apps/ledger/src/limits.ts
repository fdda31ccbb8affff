/** Named limits of the ledger app. */
export const ledgerAppLimits = {
  /** Pauses between attempts to bring the schema up to date while PostgreSQL is away. */
  migrateRetryMs: 1_000,
} as const;
