/** Named limits of the way of a transaction. */
export const scoringLimits = {
  /** Transactions scored in one call: one Redis round trip, one model run, one append. */
  batchTransactions: 256,
  /**
   * Transactions of concurrent callers that go together: a batch of 64 costs a transaction half of what one
   * alone does, and less than a full one goes only when the wait is over: going at 16 cost a request 243 µs
   * of the API's main thread instead of 168. A caller with more of them goes alone.
   */
  gatherTransactions: 64,
  /**
   * A caller that follows another within this time waits as long for company, as Kafka 4's own
   * client does (linger.ms = 5): one alone costs the API 0.8 ms of processor, each further one 0.2.
   */
  gatherMs: 5,
  /**
   * Where a batch takes longer than that, it waits as long as one takes, but no longer than this: a batch
   * costs the API alone about 2 ms of a full machine, whatever is in it, and who waits 20 ms may wait 30.
   */
  gatherLongestMs: 10,
  /** The wait is at most this share of the caller's time. */
  gatherShareOfDeadline: 0.1,
  /** Gathered batches on their way at once: one waits for Redis or Kafka while another one computes. */
  gatherRuns: 3,
  /** Transactions that wait for a batch: a fifth of a second at 10,000 a second. One more is refused. */
  gatherWaiting: 2_048,
  /** Weight of the newest batch in how long one takes. */
  gatherTimeWeight: 0.125,
  /** Longest wait for the states before a score goes on without them. */
  recallTimeoutMs: 40,
  /** The same for a batch from Kafka, which has no caller waiting. */
  recallTimeoutWithoutDeadlineMs: 1_000,
  /** Longest wait for the new states of a batch from Kafka to be written. */
  rememberTimeoutWithoutDeadlineMs: 1_000,
  /** Longest wait for the model when no caller waits. */
  predictWithoutDeadlineMs: 10_000,
  /** How often the registry is asked whether the alias has moved (setting): one small file. */
  modelWatchMs: 2_000,
  /** A version that did not load is tried again after so long: loading it takes a core for half a second. */
  modelRetryMs: 60_000,
  /** Versions loaded at once, the served one among them: a session, its buffers, 10 to 60 MB each. */
  loadedVersions: 4,
  /** A version that nobody asks for any more is kept this long: longer than any caller's deadline. */
  unwantedVersionMs: 10_000,
  /** Of a device, for all versions together (setting); the smallest GPUs in use have 4 GiB. */
  acceleratorMemoryMiB: 1_024,
  /** Kept back of a deadline for deciding and recording. */
  reserveMs: 15,
  /** Compare-and-set attempts on a card before the score is answered without counting it. */
  rememberAttempts: 64,
  /** States that the log's applier reads and writes at a time: about 500 kB, 5 ms of Redis. */
  statesPerTrip: 256,
  /**
   * Offsets of a partition of the decision log in which a transaction id is remembered, up to twice as many:
   * 26 s at 10,000 a second over 16 partitions. Who starts reads as many again first: up to 50 MB of each.
   */
  repetitionBlockRecords: 16_384,
  /** First decisions gather this long before they are written together. */
  firstDecisionsGatherMs: 5,
  /** A claim younger than this may belong to a request that is still running. */
  claimLeaseMs: 3_000,
  /** Longest wait for the log's index to catch up with the log. */
  logIndexTimeoutMs: 20_000,
  /** Pause between two looks whether the states are built, until they are: an operator waits for it. */
  builtStatesLookMs: 1_000,
  /** Pause between two looks at the log's index. */
  logIndexPollMs: 50,
} as const;
