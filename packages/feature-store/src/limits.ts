/** Named limits of the store; each is there because something would grow or wait without it. */
export const storeLimits = {
  /** Longest wait for one Redis command. A recall of 256 transactions takes 10 ms on a small machine. */
  commandTimeoutMs: 500,
  /** Longest wait for the first connection at start. */
  connectTimeoutMs: 5_000,
  /** Longest pause between two attempts to reconnect. */
  reconnectMaxMs: 1_000,
  /** A claim outlives any outage after which the same record may come again from Kafka. */
  claimRetentionSeconds: 86_400,
  /** Writes in one script: 64 cards are 150 kB and hold Redis for less than a millisecond. */
  writesPerScript: 64,
  /** Confirmations in one script: two cheap look-ups each. */
  confirmationsPerScript: 256,
  /** Kafka partitions whose offsets fit in the row of a streamed entity. */
  maxPartitions: 16,
} as const;
