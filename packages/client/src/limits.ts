/** Named limits of the client. */
export const clientLimits = {
  /** Longest wait for one answer: the API's longest deadline is 5 s. */
  timeoutMs: 10_000,
  /** How often one request is sent at most. */
  attempts: 5,
  /** Pause before the second attempt where the API names none; doubled for each further one. */
  retryPauseFirstMs: 100,
  /** A longer Retry-After is not waited for: the caller is told at once. */
  retryPauseMaxMs: 30_000,
  /** Longest wait for a transaction that was handed in. */
  decisionWaitMs: 60_000,
  /** Longest pause between two looks at it: what Retry-After names there. */
  pollPauseMaxMs: 1_000,
  /** Longest answer line that is kept; a decision is about 1 KB. */
  answerLineCharacters: 262_144,
} as const;
