/** Named limits of the store; each is there because something would grow or wait without it. */
export const storeLimits = {
  /** Longest wait for one trip to Redis. A recall of 256 transactions takes 10 ms on a small machine. */
  commandTimeoutMs: 500,
  /** A connection on which an answer is this late is dropped and made anew: the other end may be gone. */
  silentConnectionMs: 2_000,
  /** Longest wait for the first connection at start. */
  connectTimeoutMs: 5_000,
  /** Longest pause between two attempts to reconnect. */
  reconnectMaxMs: 1_000,
  /** Failures one after the other until Redis is left alone. */
  failuresToOpen: 5,
  /** After this long one call tries whether Redis is back. */
  halfOpenAfterMs: 500,
  /** A claim outlives any outage after which the same record may come again from Kafka. */
  claimRetentionSeconds: 86_400,
  /**
   * Recalls of one event-loop turn are joined up to this many keys: 96 and no more, so that Redis reads the
   * second part of a busy turn while the first is decoded here.
   */
  keysPerRead: 96,
  /** Writes in one script: 64 cards are 150 kB and hold Redis for less than a millisecond. */
  writesPerScript: 64,
  /** How often a recall goes to another generation before it fails: each time is a switch underneath it. */
  generationAttempts: 3,
  /** Times that a redirection by a cluster is followed for one command. */
  clusterRedirections: 4,
  /** Keys asked for and deleted at a time when a generation is dropped. */
  keysPerScan: 1_000,
  /** What became of a transaction that was handed in is known so long; its decision for ever. */
  submissionSeconds: 86_400,
  /** Kafka partitions of the decision log whose offsets fit in the row of a streamed entity. */
  maxPartitions: 16,
} as const;
