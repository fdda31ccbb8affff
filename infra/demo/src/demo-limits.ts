/** Named limits of the demo. */
export const demoLimits = {
  ratePerSecond: 10_000,
  /** A day. */
  forSeconds: 86_400,
  /** Event time between two looks back: an endless demo's stream starts this long ago and runs up to now. */
  endlessStreamDays: 700,
  /** Transactions of one simulated card holder a day, about: turns a rate into a speed of event time. */
  transactionsPerCustomerDay: 1.5,
  /** One consumer reads them all: fewer partitions make larger batches. */
  partitions: 2,
  /** Priority of the stream's processes below that of the API; 0 would be equal, 19 the lowest. */
  streamNiceness: 10,
  /** The drift monitor waits for these too: a verdict may come late, and reads every decision. */
  driftNiceness: 19,
  /** A second of the demo is an hour and a half of its stream: so much of it may still be on its way. */
  driftLatenessMinutes: 120,
  /** Left out of the summary's latency: runtimes that have just started compile what they run. */
  warmUpSeconds: 20,
  /** What the screen shows may be 250 ms old: it asks the broker for much at once. */
  watchGatherBytes: 393_216,
  partReadyMs: 60_000,
  /** A part that ended by itself is started again this often, then the demo gives up. */
  restartsPerPart: 5,
  restartPauseMs: 500,
  partStopMs: 12_000,
  /** Longest wait at the end for every decision to reach PostgreSQL. */
  drainMs: 60_000,
  drainPollMs: 250,
  /** Alerts on the screen. */
  alertsShown: 6,
  /** The screen is redrawn, or a line written, this often. */
  screenMs: 1_000,
  lineMs: 5_000,
} as const;
