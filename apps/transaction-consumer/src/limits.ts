/** Named limits of the consumer. */
export const consumerAppLimits = {
  /** Larger than any valid transaction; the API has the same limit for one. */
  transactionBytes: 16_384,
  /** Faults told of one dead letter. */
  faultsPerDeadLetter: 32,
  /**
   * A fetch waits this long for more transactions: nobody waits for the answer, and a batch costs consumer,
   * broker and Redis the same few milliseconds whatever is in it.
   */
  gatherMs: 100,
  gatherBytes: 262_144,
} as const;
