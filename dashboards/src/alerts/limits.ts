/** Thresholds of the alerts that are not a promise of the engagement. Each has the reason for its number. */
export const alertLimits = {
  /** Google SRE workbook, table 5-8: burn rates that use up 2 %, 5 % and 10 % of 30 days' budget. */
  burnRates: {
    fast: [
      { factor: 14.4, long: "1h", short: "5m" },
      { factor: 6, long: "6h", short: "30m" },
    ],
    slow: [
      { factor: 3, long: "1d", short: "2h" },
      { factor: 1, long: "3d", short: "6h" },
    ],
  },
  /** 50 times what an availability of 99.9 % allows: seen by callers before the budget's windows fill. */
  errorSpikeShare: 0.05,
  /** A caller's new release that sends what the schema refuses shows as far more than the usual few. */
  rejectedShare: 0.05,
  /** One decision in a hundred without a part: callers do not notice, the fraud rate will. */
  degradedShare: 0.01,
  /** Three times the share of declines the client can bear: a bad model or rule, hardly a wave of fraud. */
  declineBudgetFactor: 3,
  /** Analysts absorb half again their budget for a shift, not for longer. */
  alertBudgetFactor: 1.5,
  /** Flagged share against the day before: between half and double is a weekend or a campaign. */
  mixShiftFactor: 2,
  /** Below so many decisions in its window a share says nothing: ± 0.2 % at a share of 1 %. */
  decisionsForAShare: 5_000,
  /** States not found, above the usual share: new cards are a few per cent, a lost Redis is all of them. */
  missingStatesShare: 0.2,
  /** Fewer is noise; a consumer that loses ground for ten minutes does not recover by itself. */
  growingLagRecords: 1_000,
  /** Seconds of promised traffic that may wait. */
  lagSeconds: 10,
  /** Half of the outbox: at the promised rate the other half is full in under a minute. */
  outboxShare: 0.5,
  /** Malformed records come alone; five in a quarter of an hour are a broken producer. */
  deadLettersInQuarterHour: 5,
  /** The median label may be so late before retraining and label features starve. */
  labelDelayDays: 45,
  /** Labelled transactions that wait to be published: a second's work of the ledger. */
  labelBacklogRecords: 1_000,
  /** A deployment restarts a process once; three times in half an hour is a crash loop. */
  restartsInHalfHour: 2,
  /** While the event loop stands still every answer waits: half of the promised latency is gone. */
  eventLoopShareOfLatency: 0.5,
} as const;
