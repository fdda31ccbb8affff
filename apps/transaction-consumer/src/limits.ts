/** Named limits of the consumer. */
export const consumerAppLimits = {
  /** Larger than any valid transaction; the API has the same limit for one. */
  transactionBytes: 16_384,
  /** Faults told of one dead letter. */
  faultsPerDeadLetter: 32,
} as const;
