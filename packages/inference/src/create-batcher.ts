import type { Clock, Deadline } from "@tollgate/runtime";
import { InferenceError } from "./errors.ts";
import type { InferenceObserver } from "./inference-observer.ts";
import { batcherLimits, type BatcherLimits } from "./limits.ts";
import { createRequestQueue, type ScoringRequest } from "./request-queue.ts";
import { scoreBatch } from "./score-batch.ts";
import type { ScoringModel } from "./scoring-model.ts";

/** What one caller wants scored: `rows` vectors, one after the other. They are copied at dispatch. */
export interface ScoringInput {
  readonly vectors: Float32Array;
  readonly rows: number;
  readonly deadline: Deadline;
}

/** Puts concurrent callers' rows together into runs of the model. */
export interface Batcher {
  /**
   * The scores of the input's rows, in its order. Rejects with an InferenceError: QUEUE_FULL at once,
   * DEADLINE when it passed before the last of its rows was dispatched, BACKEND when the run failed or a
   * score of this caller is not a probability, CLOSED after `close`.
   */
  predict(input: ScoringInput): Promise<Float32Array>;
  /** Rows that wait for a run. */
  readonly queuedRows: number;
  /** Takes no more callers and resolves when those that wait have their answers. The model stays open. */
  close(): Promise<void>;
}

export interface BatcherOptions {
  readonly model: Pick<ScoringModel, "inputSize" | "score">;
  readonly clock: Clock;
  readonly limits?: BatcherLimits;
  readonly observer?: InferenceObserver;
}

/**
 * Dispatches when the model is idle, without a fixed delay: what arrives in one turn of the event loop goes
 * together, and while a run is on the next batch gathers. Callers are served in order of arrival; one with
 * more rows than a batch holds is spread over several.
 */
export function createBatcher(options: BatcherOptions): Batcher {
  const { model, clock, observer, limits = batcherLimits } = options;
  const queue = createRequestQueue();
  const buffer = new Float32Array(limits.batchRows * model.inputSize);
  const drained: (() => void)[] = [];
  let running = false;
  let closed = false;

  function reject(request: ScoringRequest, error: InferenceError): void {
    if (!queue.drop(request)) return;
    observer?.callerRejected?.(error.code);
    request.reject(error);
  }
  const rejectLate = (request: ScoringRequest): void => reject(request, lateError(request));
  const fail = (request: ScoringRequest, cause: unknown): void => reject(request, backendError(cause));

  async function run(): Promise<void> {
    for (;;) {
      const slices = queue.takeRows(limits.batchRows, rejectLate);
      if (slices.length === 0) break;
      const startMicros = clock.monotonicMicros();
      const batch = await scoreBatch(slices, { model, buffer, fail });
      observer?.batchFinished?.({ ...batch, micros: clock.monotonicMicros() - startMicros });
    }
    running = false;
    for (const resolve of drained.splice(0)) resolve();
  }

  return {
    async predict(input) {
      const state = { closed, queuedRows: queue.rows, queueLimit: limits.queuedRows };
      const refused = refusalOf(input, model.inputSize, state);
      if (refused !== undefined) {
        observer?.callerRejected?.(refused.code);
        throw refused;
      }
      const { promise, resolve, reject: rejectCaller } = Promise.withResolvers<Float32Array>();
      const scores = new Float32Array(input.rows);
      queue.add({ ...input, scores, resolve, reject: rejectCaller, taken: 0, settled: false });
      if (!running) {
        running = true;
        // Everything that this turn of the event loop still brings joins the batch.
        setImmediate(() => void run());
      }
      return promise;
    },
    get queuedRows() {
      return queue.rows;
    },
    async close() {
      closed = true;
      if (!running) return;
      await new Promise<void>((resolve) => {
        drained.push(resolve);
      });
    },
  };
}

function refusalOf(
  input: ScoringInput,
  inputSize: number,
  state: { readonly closed: boolean; readonly queuedRows: number; readonly queueLimit: number },
): InferenceError | undefined {
  const { vectors, rows } = input;
  if (state.closed) return new InferenceError("CLOSED", "the batcher takes no more callers");
  if (!Number.isInteger(rows) || rows < 1 || vectors.length < rows * inputSize) {
    const detail = `${vectors.length} values cannot be ${rows} rows of ${inputSize} features`;
    return new InferenceError("INPUT_SIZE", detail);
  }
  if (state.queuedRows + rows <= state.queueLimit) return undefined;
  const detail = `${state.queuedRows} rows wait, ${rows} more would pass the limit of ${state.queueLimit}`;
  return new InferenceError("QUEUE_FULL", detail);
}

function lateError(request: ScoringRequest): InferenceError {
  const lateMs = -request.deadline.remainingMs();
  return new InferenceError("DEADLINE", `the model's turn came ${lateMs.toFixed(1)} ms too late`);
}

function backendError(cause: unknown): InferenceError {
  if (cause instanceof InferenceError) return cause;
  return new InferenceError("BACKEND", cause instanceof Error ? cause.message : String(cause), cause);
}
