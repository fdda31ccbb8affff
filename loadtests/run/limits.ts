/** Named limits of the load tests. */
export const loadLimits = {
  /** Transactions in the file; a longer run sends them again, under new ids and at later times. */
  templates: 200_000,
  /** Payments of a simulated cardholder a day, about: with it the file holds a day. */
  paymentsPerCardholderDay: 1.5,
  cardholders: { min: 2_000, max: 200_000 },
  /** A client gives up; ten times the promise is long past any use, a GC pause or a restart is not. */
  requestTimeoutMs: 5_000,
  /** Answers read and compared with the record: one in so many requests. */
  noteEvery: 50,
  /** Poisson arrivals, a slot: with more, the last would be late by what sending the others takes. */
  requestsPerSlot: 5,
  /** Steps of the curves: more would only cost k6 time at every request. */
  buckets: 120,
  /** Unanswered requests: what comes in so many times the promised latency; at least these. */
  usersPromises: 4,
  usersMin: 200,
  /** k6 takes about 0.5 MB for each. */
  usersMax: 1_500,
  /** Half the rate first: runtimes that have just started compile what they run. */
  warmUpHalfSeconds: 10,
  warmUpFullSeconds: 5,
  /** After the last request, until everything accepted is in PostgreSQL. */
  archiveMs: 60_000,
  archivePollMs: 500,
  /** Rows of PostgreSQL read at a time. */
  archivePage: 50_000,
  /** CPU and memory of every process are read this often. */
  usageMs: 2_000,
  /** k6's log is looked at for the moment at which the load begins. */
  beganPollMs: 100,
  /** k6 reads its script and makes its virtual users; a busy machine takes long. */
  beganMs: 120_000,
  /** Beyond the plan's own end: what is unanswered then is stuck. */
  overtimeMs: 60_000,
  /** The alias moves to and fro this often, and the apps look at it this often; a swap takes 0.4 s. */
  swapEverySeconds: 1.2,
  modelWatchMs: 200,
  /** After these and after the last, memory is looked at: the first bring in what stays, 30 to 50 MiB. */
  swapsUntilSettled: 10,
  swapSettleSeconds: 10,
  /** While versions are swapped p99 is at most so many times what it was before. */
  swapLatencyRatio: 2,
  /** What a process may hold more of after ninety swaps: allocators keep some of what they get. */
  swapGrowthMiB: 40,
  /** Of what was due while a service was away, so much at least was decided without it and says so. */
  saidShareMin: 0.8,
  /**
   * Of a phase's decisions, so many may lack another part: a service that starts again takes the processors.
   * On two of them Kafka's start, of 11 s, made it 11 to 18 % of 24 s.
   */
  strayShareMax: 0.25,
  /** The API's metrics are read at the end of each phase; it may be busy. */
  metricsMs: 2_000,
  /** A gate is decided by so many runs, or not at all. */
  gateRuns: 3,
  /** Where a machine's host takes more of its CPU than this, a missed latency is not the platform's. */
  takenByHostMax: 0.02,
  /** The same of other processes on it: the kernel's own threads and a shell take less. */
  takenByOthersMax: 0.05,
  /** A line that says how far the run is, so often. */
  progressMs: 15_000,
  /** Transactions of which something is wrong that are named one by one; all are counted. */
  namedFaults: 5,
  /** Building k6 takes 3 minutes on two cores. */
  k6BuildMs: 1_200_000,
  k6ProbeMs: 10_000,
  /** k6's heap grows so much before it is collected: a tenth of its time less for half a gigabyte more. */
  k6HeapGrowthPercent: 300,
  /** Rate of the API's key: the load is not to be limited by it. */
  keyRatePerSecond: 1_000_000,
} as const;
