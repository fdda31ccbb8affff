/** Named limits of the consumer. */
export const consumerAppLimits = {
  /** Larger than any valid transaction; the API has the same limit for one. */
  transactionBytes: 16_384,
  /** Faults told of one dead letter. */
  faultsPerDeadLetter: 32,
  /** A fetch waits this long for more transactions: a batch of 25 costs each a third of what one alone costs. */
  gatherMs: 40,
} as const;
