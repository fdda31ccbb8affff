/** Named limits of the HTTP interface; those marked (setting) can be set, see docs/reference. */
export const apiLimits = {
  /** One transaction: the default engagement's longest is 1 KiB. */
  transactionBodyBytes: 16_384,
  /** 1,000 transactions of the usual 500 bytes, with room. */
  batchBodyBytes: 2_097_152,
  batchItems: 1_000,
  /** Bodies of lines (NDJSON) that are open at once; one more is refused with 503. */
  streams: 128,
  /** Longest line; a longer one is refused by itself. */
  streamLineBytes: 16_384,
  /** Lines of one body that are scored together; the next ones are not read before they are answered. */
  streamLines: 256,
  /** Longest wait of a body of lines for its key's rate; then its next lines are refused. */
  streamRateWaitMs: 10_000,
  /** How often one that waits looks whether its client is still there. */
  streamLookMs: 250,
  labelsBodyBytes: 1_048_576,
  labels: 1_000,
  /** Faults listed in one answer; an answer must not be many times its request. */
  faults: 50,
  /** Time from headers to answer when the caller names none (setting). */
  deadlineMs: 100,
  /** The same for a batch of any size. */
  batchDeadlineMs: 1_000,
  /** The most a caller may ask for with Tollgate-Deadline-Ms. */
  deadlineMaxMs: 5_000,
  /** Longest wait for the event log to take labels. */
  labelsTimeoutMs: 3_000,
  /** Longest wait for the event log to take a transaction that is decided later. */
  submissionTimeoutMs: 3_000,
  /** Longest wait for Redis to note that it is pending. */
  submissionNoteMs: 100,
  /** Requests being handled; one more is refused at once with 503 (setting). 100 ms at 10,000 a second. */
  requestsInFlight: 1_000,
  /** Open connections; one more is closed by the kernel's accept, before it costs anything. */
  connections: 10_000,
  /** A client has this long to send its headers, and the whole of its request. */
  headersTimeoutMs: 5_000,
  requestTimeoutMs: 10_000,
  /** How often the two above are looked at. */
  connectionCheckMs: 1_000,
  /** Longer than the 60 s after which load balancers drop an idle connection. */
  keepAliveTimeoutMs: 65_000,
  /** A connection on which nothing moves, in the middle of a request or answer. */
  socketIdleMs: 30_000,
  headerBytes: 8_192,
  /** A refused body is read on, and thrown away, so that the client can see the answer before the close. */
  lingerMs: 1_000,
  lingerBytes: 33_554_432,
  /** An unread body of at most this is simply read to its end; the connection stays open. */
  dumpBytes: 65_536,
  /** Seconds in Retry-After when this replica is overloaded or the log did not take the decision. */
  retryAfterSeconds: 1,
  /** 1,000 rows of 50 features as JSON numbers of 20 characters, twice over. */
  inferenceBodyBytes: 2_097_152,
  inferenceRows: 1_000,
  /** Time for one inference when the caller names none: the same as for a batch. */
  inferenceDeadlineMs: 1_000,
  inferenceIdCharacters: 128,
  /** Versions whose inference statistics are kept; a swap adds one. */
  inferenceVersions: 8,
  /** Letters, digits and . _ : - of a request id taken over from the caller. */
  requestIdCharacters: 64,
  /** Entries of an API-key file. */
  apiKeys: 10_000,
  /** Decisions waiting in the outbox from which this replica takes no more traffic; it is full at 100,000. */
  outboxReadyRecords: 90_000,
  /** Processes of one service (setting); more cores than this are better used by another machine. */
  processes: 64,
  /** Restarts at once of processes that died within the window; later ones wait until it has passed. */
  processRestarts: 5,
  processRestartWindowMs: 60_000,
  /** A process that does not give its metrics in time counts with its last answer; a scrape has 10 s. */
  metricsTimeoutMs: 2_000,
  /** On stop: answers in flight get this long, then their connections are closed. */
  stopMs: 6_000,
} as const;
