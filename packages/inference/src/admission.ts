import type { CostEstimate } from "./cost-estimate.ts";
import { InferenceError } from "./errors.ts";
import type { BatcherLimits } from "./limits.ts";
import type { ScoringInput } from "./scoring-input.ts";

/** What the batcher knows when a caller comes. */
export interface AdmissionState {
  readonly closed: boolean;
  readonly inputSize: number;
  readonly limits: BatcherLimits;
  readonly estimate: CostEstimate;
  /** Champion and shadow rows that wait. */
  readonly championRows: number;
  readonly shadowRows: number;
  /** Until the runs that are on end, by the estimate. */
  readonly busyMicros: number;
  /** How long callers have been refused for their deadline without a run in between. */
  readonly refusingMicros: number;
}

/** Why the caller is refused; undefined when it may wait for its turn. */
export function refusalOf(input: ScoringInput, state: AdmissionState): InferenceError | undefined {
  const { vectors, rows } = input;
  if (state.closed) return new InferenceError("CLOSED", "the batcher takes no more callers");
  if (input.signal?.aborted === true) return canceledError();
  if (!Number.isInteger(rows) || rows < 1 || vectors.length < rows * state.inputSize) {
    const detail = `${vectors.length} values cannot be ${rows} rows of ${state.inputSize} features`;
    return new InferenceError("INPUT_SIZE", detail);
  }
  return input.priority === "shadow" ? refusalOfShadow(rows, state) : refusalOfChampion(input, state);
}

export function canceledError(): InferenceError {
  return new InferenceError("CANCELED", "the caller gave up before its answer");
}

function refusalOfShadow(rows: number, state: AdmissionState): InferenceError | undefined {
  if (state.shadowRows + rows <= state.limits.shadowQueuedRows) return undefined;
  const detail = `${state.shadowRows} shadow rows wait, the limit is ${state.limits.shadowQueuedRows}`;
  return new InferenceError("SHADOW_DROPPED", detail);
}

/** The same for rows of a champion whose vectors are not there yet. */
export function refusalOfChampion(
  input: Pick<ScoringInput, "rows" | "deadline">,
  state: AdmissionState,
): InferenceError | undefined {
  const { limits, championRows } = state;
  const rows = championRows + input.rows;
  const finishMs = (state.busyMicros + state.estimate.microsOfQueue(rows)) / 1000;
  if (rows > limits.queuedRows) {
    const detail = `${championRows} rows wait, ${rows} would pass the limit of ${limits.queuedRows}`;
    return new InferenceError("QUEUE_FULL", detail, { retryAfterMs: retryAfterMs(finishMs, limits) });
  }
  const remainingMs = input.deadline.remainingMs();
  if (finishMs <= remainingMs || state.refusingMicros >= limits.probeAfterMs * 1000) return undefined;
  const detail =
    `${input.rows} rows behind ${championRows} would be ready in ${finishMs.toFixed(1)} ms, ` +
    `the deadline is in ${remainingMs.toFixed(1)} ms`;
  const tooLateMs = finishMs - Math.max(0, remainingMs);
  return new InferenceError("REJECTED", detail, { retryAfterMs: retryAfterMs(tooLateMs, limits) });
}

function retryAfterMs(milliseconds: number, limits: BatcherLimits): number {
  return Math.min(limits.retryAfterMaxMs, Math.max(1, Math.ceil(milliseconds)));
}
