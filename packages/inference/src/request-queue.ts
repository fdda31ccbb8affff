import type { Deadline } from "@tollgate/runtime";
import type { InferenceError } from "./errors.ts";
import type { FinishedBatch, Priority } from "./inference-observer.ts";

/** One caller that waits for its scores. */
export interface ScoringRequest {
  readonly vectors: Float32Array;
  readonly rows: number;
  readonly deadline: Deadline;
  readonly priority: Priority;
  readonly scores: Float32Array;
  readonly resolve: (scores: Float32Array) => void;
  readonly reject: (error: InferenceError) => void;
  /** As {@link ScoringInput.ran}, with when the batch was dispatched. */
  readonly ran: ((batch: FinishedBatch, startMicros: number) => void) | undefined;
  /** Rows already handed to a run. */
  taken: number;
  /** True once it was answered or dropped: its remaining rows are not run. */
  settled: boolean;
}

/** Rows of one request that go into one run. */
export interface BatchSlice {
  readonly request: ScoringRequest;
  readonly from: number;
  readonly rows: number;
}

/** How a batch is bounded. */
export interface BatchBounds {
  readonly maxRows: number;
  /** What a run of so many rows takes: no row joins that would make those before it late. */
  readonly microsOf: (rows: number) => number;
  /** Takes a request whose deadline has passed. */
  readonly late: (request: ScoringRequest) => void;
}

/** Requests in order of arrival, counted in rows. */
export interface RequestQueue {
  readonly rows: number;
  add(request: ScoringRequest): void;
  /** Takes rows from the front, within the bounds; at least one row when one waits in time. */
  takeRows(bounds: BatchBounds): readonly BatchSlice[];
  /** Gives up a request, waiting or taken. False when it was already answered or given up. */
  drop(request: ScoringRequest): boolean;
  /** The requests that wait for rows. */
  waiting(): readonly ScoringRequest[];
}

export function createRequestQueue(): RequestQueue {
  let requests: ScoringRequest[] = [];
  /** Requests before this one are done; the array is cut when half of it is, so that taking is cheap. */
  let first = 0;
  let rows = 0;

  const skipFirst = (): void => {
    first += 1;
    if (first * 2 < requests.length) return;
    requests = requests.slice(first);
    first = 0;
  };

  /** The first request that is neither answered nor dropped nor late. */
  const nextInTime = (late: (request: ScoringRequest) => void): ScoringRequest | undefined => {
    for (;;) {
      const request = requests[first];
      if (request === undefined) return undefined;
      if (!request.settled && request.deadline.expired()) late(request);
      if (!request.settled) return request;
      skipFirst();
    }
  };

  return {
    get rows() {
      return rows;
    },
    add(request) {
      requests.push(request);
      rows += request.rows;
    },
    takeRows({ maxRows, microsOf, late }) {
      const slices: BatchSlice[] = [];
      let taken = 0;
      let tightestMicros = Number.POSITIVE_INFINITY;
      while (taken < maxRows) {
        const request = nextInTime(late);
        if (request === undefined) break;
        const count = Math.min(maxRows - taken, request.rows - request.taken);
        if (taken > 0 && microsOf(taken + count) > tightestMicros) break;
        tightestMicros = Math.min(tightestMicros, request.deadline.remainingMs() * 1000);
        slices.push({ request, from: request.taken, rows: count });
        request.taken += count;
        taken += count;
        if (request.taken === request.rows) skipFirst();
      }
      rows -= taken;
      return slices;
    },
    drop(request) {
      if (request.settled) return false;
      request.settled = true;
      rows -= request.rows - request.taken;
      return true;
    },
    waiting: () => requests.slice(first).filter((request) => !request.settled),
  };
}
