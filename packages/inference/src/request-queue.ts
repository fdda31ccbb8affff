import type { Deadline } from "@tollgate/runtime";
import type { InferenceError } from "./errors.ts";

/** One caller that waits for its scores. */
export interface ScoringRequest {
  readonly vectors: Float32Array;
  readonly rows: number;
  readonly deadline: Deadline;
  readonly scores: Float32Array;
  readonly resolve: (scores: Float32Array) => void;
  readonly reject: (error: InferenceError) => void;
  /** Rows already handed to a run. */
  taken: number;
  /** True once it was dropped: its remaining rows are not run. */
  settled: boolean;
}

/** Rows of one request that go into one run. */
export interface BatchSlice {
  readonly request: ScoringRequest;
  readonly from: number;
  readonly rows: number;
}

/** Requests in order of arrival, counted in rows. */
export interface RequestQueue {
  readonly rows: number;
  add(request: ScoringRequest): void;
  /** Takes up to `maxRows` from the front; a request whose deadline has passed goes to `late` instead. */
  takeRows(maxRows: number, late: (request: ScoringRequest) => void): readonly BatchSlice[];
  /** Gives up a request, waiting or taken. False when it was already given up. */
  drop(request: ScoringRequest): boolean;
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

  return {
    get rows() {
      return rows;
    },
    add(request) {
      requests.push(request);
      rows += request.rows;
    },
    takeRows(maxRows, late) {
      const slices: BatchSlice[] = [];
      let free = maxRows;
      while (free > 0) {
        const request = requests[first];
        if (request === undefined) break;
        if (!request.settled && request.deadline.expired()) late(request);
        if (request.settled) {
          skipFirst();
          continue;
        }
        const count = Math.min(free, request.rows - request.taken);
        slices.push({ request, from: request.taken, rows: count });
        request.taken += count;
        free -= count;
        rows -= count;
        if (request.taken === request.rows) skipFirst();
      }
      return slices;
    },
    drop(request) {
      if (request.settled) return false;
      request.settled = true;
      rows -= request.rows - request.taken;
      return true;
    },
  };
}
