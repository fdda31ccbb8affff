/** Named limits of the side-by-side run. */
export const peerLimits = {
  /** Different transactions sent: more cards than any cache line would help. */
  transactions: 20_000,
  /** Ray starts in 20 s on two idle cores. */
  readyMs: 180_000,
  readyPollMs: 200,
  answerMs: 5_000,
  stopMs: 20_000,
  warmUpSeconds: 3,
  connections: 64,
  /** CPU is read so long after the beginning and before the end of a round. */
  edgeMs: 250,
  /** Scores of two servers for one transaction: float32 against float32, through different JSON. */
  scoreTolerance: 1e-5,
} as const;
