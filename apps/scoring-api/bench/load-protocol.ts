/** One round of load, as the client's process is told. */
export interface LoadOrder {
  readonly port: number;
  readonly path: string;
  readonly apiKey: string;
  readonly connections: number;
  readonly seconds: number;
  /** Transactions of one request: an array when more than one. */
  readonly perRequest: number;
  /** Nine characters that no other round has. */
  readonly round: string;
}

/** What the client saw. */
export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  /** Answers other than 200, batch items other than 200, and connections that ended. */
  readonly failed: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Processor time of the client itself, for each request. */
  readonly clientMicros: number;
}
