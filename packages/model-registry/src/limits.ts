/** Every limit of this package, in one place. Each has the reason for its number. */
export const modelRegistryLimits = {
  /** A manifest of 64 golden rows of 45 features has about 20 kB; beyond this it is damage. */
  manifestBytes: 4_194_304,
  /** A committed champion stays under 2 MB; a neural model may have more. Read into memory as a whole. */
  modelBytes: 268_435_456,
  goldenRows: 1_024,
  features: 4_096,
  /** Publishers that meet each take the next free version; after so many meetings one gives up. */
  publishAttempts: 16,
} as const;
