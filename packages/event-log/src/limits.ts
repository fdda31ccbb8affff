/** Every limit of this package, in one place. Each has the reason for its number. */
export const eventLogLimits = {
  /** A broker on the same network accepts a connection in a few ms; a dead one is given up after this. */
  connectionTimeoutMs: 1_000,
  /** An idle connection is probed after this, so that a vanished peer is noticed. */
  keepAliveMs: 60_000,
  /** A created topic is known to every broker within a second; a loaded machine gets more. */
  topicsVisibleMs: 15_000,
  topicsPollMs: 50,
  /** A produce request that has no answer by then counts as failed. */
  requestTimeoutMs: 5_000,
  /**
   * An append that Kafka has not acknowledged by then goes to the outbox too, and so does all that comes
   * until Kafka has: six times the slowest thousandth of a busy machine's appends.
   */
  appendPatienceMs: 250,
  /** An append that Kafka has not acknowledged by then ends the connection. */
  appendTimeoutMs: 2_000,
  /** How long opening a decision log waits for Kafka before it starts on the outbox alone. */
  firstConnectMs: 5_000,
  /** Kafka's default for one record batch is 1 MiB for each partition; half of it leaves room for framing. */
  batchBytes: 524_288,
  /** About 1 MB of decisions: a larger batch gains nothing and delays the first record in it. */
  batchRecords: 1_000,
  /** Larger than any decision (a transaction is at most 16 KiB), smaller than Kafka's limit of 1 MiB. */
  recordBytes: 500_000,
  /** Waiting for a send in flight: beyond it, decisions go to the outbox at once. */
  queueBytes: 16_777_216,
  /** Pauses between attempts to reach Kafka again: doubled from the first to the last. */
  reconnectFirstMs: 100,
  reconnectLastMs: 2_000,
  /**
   * After Kafka is back, requests of a dead connection that still lie in the broker's socket buffers are
   * handled within milliseconds; the outbox is drained only after this pause, so that they can be seen.
   */
  drainSettleMs: 500,
  /** The logged filter reads from this long before the oldest record: clocks of two machines differ. */
  loggedFilterMarginMs: 60_000,
  /** The logged filter gives up after this; the drain tries again. */
  loggedFilterMs: 30_000,
  /** A reader of a whole topic asks for this much of a partition at once: about 2,500 decisions. */
  readPartitionBytes: 4_194_304,
  /** It gives up when no batch is handled for this long before its end. */
  readStalledMs: 60_000,
  /** It looks this often whether it must. */
  readLookMs: 1_000,
  /** Stopping waits this long for Kafka to take what is queued. */
  stopFlushMs: 5_000,
  /** The same line of the Kafka client within this time is written once, with a count. */
  clientLogQuietMs: 5_000,
} as const;

/** Limits of the outbox: 256 MiB hold about 100,000 decisions, 50 s of Kafka away at 2,000 a second. */
export const outboxLimits = {
  maxBytes: 268_435_456,
  /** A segment is deleted when all of it is sent: this is the disk space given back in one step. */
  segmentBytes: 8_388_608,
  /** Records and bytes in one write and one fsync. */
  commitRecords: 2_000,
  commitBytes: 4_194_304,
  /** Records handed to the drain's `send` at once: about 1 MB. */
  drainRecords: 500,
  /** A frame longer than this is damage, not a record. */
  frameBytes: 1_048_576,
} as const;

/** Limits of the batch consumer. */
export const consumerLimits = {
  /** A killed consumer's partitions move to another after this. */
  sessionTimeoutMs: 10_000,
  /** How long a rebalance waits for a member that is still handling a batch. */
  rebalanceTimeoutMs: 30_000,
  /** Bytes asked for in one fetch, by partition and in all: about 500 decisions and 4,000. */
  fetchPartitionBytes: 1_048_576,
  fetchBytes: 8_388_608,
  /** Handled offsets are committed this often; a crashed or stalled client is noticed as soon. */
  commitIntervalMs: 1_000,
  /** The broker answers an empty fetch after this. */
  fetchWaitMs: 250,
  /** Pauses between attempts to handle the same batch, and to start a crashed consumer again. */
  retryFirstMs: 100,
  retryLastMs: 2_000,
  /** Without a completed fetch for this long, and no batch in hand, the consumer is started anew. */
  stalledMs: 30_000,
} as const;

/** Limits of the JSON producer. */
export const producerLimits = {
  /** Queued and not yet acknowledged; a sender beyond it waits. */
  queueBytes: 8_388_608,
  batchRecords: 2_000,
  batchBytes: 524_288,
  /** Pauses between attempts to send the same batch again. */
  retryFirstMs: 100,
  retryLastMs: 2_000,
  /** Stopping waits this long for the queue to empty. */
  stopFlushMs: 5_000,
} as const;
