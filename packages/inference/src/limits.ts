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
  /** Scores of a device against the CPU's: devices multiply in another order and with fewer bits. */
  readonly deviceMaxDifference: number;
  /** Share of the CPU's time that a device may take to be used: less than a fifth faster may be noise. */
  readonly deviceMaxTimeShare: number;
}

export const modelLimits: ModelLimits = {
  warmUpRows: [1, 2, 8, 64, 256],
  costRows: [1, 16, 64, 256],
  costRuns: 5,
  goldenMaxDifference: 1e-5,
  deviceMaxDifference: 1e-4,
  deviceMaxTimeShare: 0.8,
};

/** Limits of the micro-batcher. */
export interface BatcherLimits {
  /** Most rows in one run. At 5 to 10 µs a row the event loop is held for 1.3 to 2.6 ms. */
  readonly batchRows: number;
  /** Most champion rows that wait: 16,384 are 80 ms of work at 5 µs; later ones would miss the 100 ms. */
  readonly queuedRows: number;
  /** Most rows of one shadow run: a champion that comes meanwhile waits 0.2 to 0.4 ms at most. */
  readonly shadowBatchRows: number;
  /** Most shadow rows that wait; what comes after them is dropped: a shadow's answer is worth no memory. */
  readonly shadowQueuedRows: number;
  /** Bounds of the correction by real batches, which a busy event loop makes several times slower. */
  readonly costCorrection: { readonly least: number; readonly most: number };
  /** Weight of the newest batch among the recent ones: half of a change is known after eleven batches. */
  readonly costWeight: number;
  /** Weight of each measured cost beside the recent batches' 1: it holds the line where none of them is. */
  readonly costAnchorWeight: number;
  /** After so long of refusing alone one caller is taken: only a run can correct an estimate. */
  readonly probeAfterMs: number;
  /** Longest wait that a refused caller is told. */
  readonly retryAfterMaxMs: number;
}

export const batcherLimits: BatcherLimits = {
  batchRows: 256,
  queuedRows: 16_384,
  shadowBatchRows: 32,
  shadowQueuedRows: 1_024,
  costCorrection: { least: 0.25, most: 8 },
  costWeight: 1 / 16,
  costAnchorWeight: 0.02,
  probeAfterMs: 1_000,
  retryAfterMaxMs: 1_000,
};

/** Limits of where a model runs. */
export interface PlacementLimits {
  /** A full batch that costs more moves to a worker. 300 trees take 1 to 2.6 ms, and less in-thread. */
  readonly inThreadBatchMicros: number;
  /** Opening the session holds the thread: one that takes longer stays in the worker that verified it. */
  readonly inThreadOpenMs: number;
  /** Rows of a full batch, and of one slot of a worker's shared memory. */
  readonly batchRows: number;
  /** Batches that a worker has at once: one runs, the next lies ready when it ends. */
  readonly workerSlots: number;
  /** A worker that has not loaded its model by then is ended: 30 s for the largest model on a slow disk. */
  readonly workerStartMs: number;
  /** A run that takes longer will not end: a full batch on the slowest device seen took 40 ms. */
  readonly workerRunMs: number;
  /** Time that a worker has to free its model and end by itself. */
  readonly workerEndMs: number;
  /** New workers in place of dead ones, within the window; after that the model stays down: it kills them. */
  readonly workerRestarts: number;
  readonly workerRestartWindowMs: number;
}

export const placementLimits: PlacementLimits = {
  inThreadBatchMicros: 4_000,
  inThreadOpenMs: 20,
  batchRows: 256,
  workerSlots: 2,
  workerStartMs: 30_000,
  workerRunMs: 2_000,
  workerEndMs: 2_000,
  workerRestarts: 5,
  workerRestartWindowMs: 60_000,
};
