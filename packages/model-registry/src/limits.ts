/** Every limit of this package, in one place. Each has the reason for its number. */
export const modelRegistryLimits = {
  /** A manifest of 64 golden rows of 45 features has about 20 kB; beyond this it is damage. */
  manifestBytes: 4_194_304,
  /** A committed champion stays under 2 MB; a neural model may have more. Read into memory as a whole. */
  modelBytes: 268_435_456,
  goldenRows: 1_024,
  features: 4_096,
  /** A ring of 20 slots makes a state of 2,000 bytes; nobody keeps a hundred times that of each card. */
  sequenceSlots: 2_048,
  sequenceChannels: 64,
  /** A signature of three files has 2 kB; of 64 files 12 kB. */
  signatureBytes: 131_072,
  /** Files of a version beside its signature: model, manifest, cards, evaluation, drift reference. */
  files: 64,
  /** Any other file of a version; an evaluation with its curves has about 200 kB. */
  artifactBytes: 33_554_432,
  /** Hashed or decrypted in one go while serving: 1 to 2 ms without hardware help, 0.5 ms with it. */
  pieceBytes: 524_288,
  /** A program that wraps keys asks a service over the network; its answer has less than 1 kB. */
  keyCommandMs: 10_000,
  keyCommandBytes: 65_536,
  /** A key in PEM has less than 1 kB. */
  keyBytes: 16_384,
  /** Text of why an alias was moved, or of a tag. */
  textLength: 1_000,
  /** Connections to the history: a process moves or looks, one thing at a time. */
  databaseConnections: 2,
  databaseConnectMs: 3_000,
  /** A statement that takes longer waits for another's move. */
  databaseStatementMs: 10_000,
  /** A bucket that is away is noticed within this; the client tries so often, waiting in between. */
  s3ConnectMs: 3_000,
  s3RequestMs: 30_000,
  s3Attempts: 3,
  /** Links read at a time when the chain is proven: about 1 MB. */
  historyPage: 2_000,
  /** Publishers that meet each take the next free version; after so many meetings one gives up. */
  publishAttempts: 16,
} as const;
