/** Every limit of this package, in one place. Each has the reason for its number. */
export const replayLimits = {
  /** Memory of the workspace's sorts and joins; beyond it they go to its folder. */
  workspaceMemory: "512MB",
  /** Disk of the workspace: about 100 million decisions; beyond it the command ends with DuckDB's message. */
  workspaceDisk: "64GB",
  /** The replay itself keeps one core busy. */
  workspaceThreads: 1,
  /** Rows appended between two flushes of a table: what is lost of memory until then is about 20 MB. */
  appendedRows: 20_000,
  /** Rows of one Parquet row group: 60 float32 columns of it are 12 MB. */
  rowGroupRows: 50_000,
  /** States that a rebuild keeps in memory: 2 KB each with views and Map, so about 400 MB. */
  cachedStates: 100_000,
  /** Decisions parsed before they are applied: few enough to die young in the garbage collector's nursery. */
  appliedTogether: 128,
  /** Rows in one write to the store: 512 cards are 1 MB, or 10 ms of Redis. */
  storeWrites: 512,
  /** States asked for at once. */
  storeReads: 512,
  /** So few records behind the log, the switch is made. */
  catchUpRecords: 2_000,
  /** Rounds of catching up before the switch is made whatever is left; each is a fraction of the last. */
  catchUpRounds: 20,
  /** A rebuild without a sign of life for this long is taken for dead; it gives one three times as often. */
  rebuildLeaseMs: 30_000,
  /** After the switch what is left of the log is brought in within this, or left to the live applier. */
  restMs: 60_000,
  restPollMs: 100,
  /** Requests that began before the switch are over after this; then the old generation is deleted. */
  graceMs: 10_000,
} as const;
