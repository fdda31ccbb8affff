/** Limits of loading a model. Each has the reason for its number. */
export interface ModelLimits {
  /** Batch sizes that are run before the model serves: buffers are allocated and code is paged in. */
  readonly warmUpRows: readonly number[];
  /** Batch sizes whose cost is measured: a line through them predicts the others. */
  readonly costRows: readonly number[];
  /** Measurements of each size; the fastest counts: a pause of the machine is not the model's cost. */
  readonly costRuns: number;
  /** Two runtimes add in another order: float32 sums of some hundred leaves differ by less than this. */
  readonly goldenMaxDifference: number;
}

export const modelLimits: ModelLimits = {
  warmUpRows: [1, 2, 8, 64, 256],
  costRows: [1, 16, 64, 256],
  costRuns: 5,
  goldenMaxDifference: 1e-5,
};

/** Limits of the micro-batcher. */
export interface BatcherLimits {
  /** Most rows in one run. At 5 to 10 µs a row the event loop is held for 1.3 to 2.6 ms. */
  readonly batchRows: number;
  /** Most rows that wait: at 5 µs a row 16,384 are 80 ms of work; later ones would miss the 100 ms. */
  readonly queuedRows: number;
}

export const batcherLimits: BatcherLimits = { batchRows: 256, queuedRows: 16_384 };
