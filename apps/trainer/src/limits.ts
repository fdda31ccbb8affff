/** Every limit of the trainer, in one place. Each has the reason for its number. */
export const trainerLimits = {
  /** Rows in one Parquet row group: 45 float32 columns of it are 9 MB, the most that is held in memory. */
  rowGroupRows: 50_000,
  /** Rows of sequences written at a time: 20 transactions of 8 numbers each make it 6 MB. */
  sequenceRows: 10_000,
  /** Rows between two drawings of the progress bar. */
  progressRows: 10_000,
  /** Rows read from a data set at a time: as objects they take about 40 MB. */
  readRows: 100_000,
  /** Fewer would leave the shortest window of the split without frauds. */
  transactionsMin: 20_000,
  /** 1.2 kB of memory a row in Python: 20 million rows need about 24 GB. */
  transactionsMax: 20_000_000,
  /** A day of looking for parameters; more says that the features want work. */
  searchSecondsMax: 86_400,
  customersMin: 100,
  customersMax: 1_000_000,
  /** Transactions looked at, of so many customers, to see which of their fields have few values. */
  attributeSample: 5_000,
  attributeCustomers: 10_000,
  /** Rows of a model's reference read at a time: as objects about 30 MB; and scored at a time. */
  referenceReadRows: 20_000,
  referenceBatchRows: 256,
} as const;
