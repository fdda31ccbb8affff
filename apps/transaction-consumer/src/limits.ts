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
  /** Webhooks of one batch on their way at once, to whatever receivers. */
  webhooksAtOnce: 32,
  /** A receiver that has not answered by then has failed. */
  webhookAttemptMs: 5_000,
  /** Attempts for one webhook; pauses double from the first: 7.5 s of pauses, 33 s with a mute receiver. */
  webhookAttempts: 5,
  webhookPauseFirstMs: 500,
  /** Characters of the secret that webhooks are signed with. */
  webhookSecretCharacters: 16,
} as const;
