import type { Clock } from "@tollgate/runtime";
import { canceledError, refusalOf, refusalOfChampion, type AdmissionState } from "./admission.ts";
import { createCostEstimate } from "./cost-estimate.ts";
import { InferenceError } from "./errors.ts";
import type { FinishedBatch, InferenceObserver } from "./inference-observer.ts";
import { batcherLimits, type BatcherLimits } from "./limits.ts";
import { createRequestQueue, type BatchSlice, type ScoringRequest } from "./request-queue.ts";
import { scoreBatch, type AnsweredBatch } from "./score-batch.ts";
import type { ModelCost } from "./measure-cost.ts";
import type { ScoringInput } from "./scoring-input.ts";
import type { ScoringModel } from "./scoring-model.ts";

/** What another batcher waits for before it runs shadow rows. */
export interface Yielding {
  /** True while a run is on or callers wait. */
  readonly busy: boolean;
  /** Resolves when nothing runs or waits; at once when that is so now. */
  whenIdle(): Promise<void>;
}

/** Puts concurrent callers' rows together into runs of the model. */
export interface Batcher extends Yielding {
  /**
   * The scores of the input's rows, in its order. Rejects with an InferenceError: REJECTED and QUEUE_FULL at
   * once, with `retryAfterMs`, when it could not be answered by its deadline; SHADOW_DROPPED at once;
   * CANCELED when its signal is aborted; DEADLINE when it passed before the last of its rows was dispatched;
   * BACKEND when the run failed or a score of this caller is not a probability; CLOSED after `close`.
   */
  predict(input: ScoringInput): Promise<Float32Array>;
  /**
   * What `predict` would refuse a champion's rows with at this moment because of those before them, counted
   * as refused: for a caller who has work to do before its vectors are there. Undefined when they may come,
   * and when they would be late without anybody before them.
   */
  refusal(call: Pick<ScoringInput, "rows" | "deadline">): InferenceError | undefined;
  /** Rows that wait for a run, shadow rows included. */
  readonly queuedRows: number;
  /** What batches take by the latest estimate. */
  readonly cost: ModelCost;
  /** Takes no more callers, drops shadow rows and resolves when the others have their answers. */
  close(): Promise<void>;
}

export interface BatcherOptions {
  readonly model: Pick<ScoringModel, "inputSize" | "score" | "cost" | "runsAtOnce">;
  readonly clock: Clock;
  readonly limits?: BatcherLimits;
  readonly observer?: InferenceObserver;
  /** Batchers of more important models on the same processor: shadow rows wait until these are idle. */
  readonly yieldsTo?: readonly Yielding[];
}

/** Everything that one batcher shares between its callers and its runs. */
interface BatcherState {
  readonly options: BatcherOptions;
  readonly limits: BatcherLimits;
  readonly estimate: ReturnType<typeof createCostEstimate>;
  readonly champions: ReturnType<typeof createRequestQueue>;
  readonly shadows: ReturnType<typeof createRequestQueue>;
  /** Batch buffers that no run uses. As many as there may be runs at once. */
  readonly buffers: Float32Array[];
  readonly idleWaiters: (() => void)[];
  runs: number;
  /** Runs that have a batch in the model. */
  inFlight: number;
  /** When the model will be free, by the estimate. */
  busyUntilMicros: number;
  lastEndMicros: number;
  /** Of the first caller that was refused for its deadline since the last run; nothing has run since. */
  refusingSinceMicros: number | undefined;
  waitsForOther: boolean;
  closed: boolean;
}

/**
 * Dispatches when the model is idle, without a fixed delay: what arrives in one turn of the event loop goes
 * together, and while a run is on the next batch gathers. Callers are served in order of arrival; one with
 * more rows than a batch holds is spread over several. Shadow rows run while no champion waits.
 */
export function createBatcher(options: BatcherOptions): Batcher {
  const limits = options.limits ?? batcherLimits;
  const { model, clock } = options;
  const buffers = Array.from(
    { length: model.runsAtOnce },
    () => new Float32Array(limits.batchRows * model.inputSize),
  );
  const state: BatcherState = {
    options,
    limits,
    estimate: createCostEstimate(model.cost, limits),
    champions: createRequestQueue(),
    shadows: createRequestQueue(),
    buffers,
    idleWaiters: [],
    runs: 0,
    inFlight: 0,
    busyUntilMicros: 0,
    lastEndMicros: clock.monotonicMicros(),
    refusingSinceMicros: undefined,
    waitsForOther: false,
    closed: false,
  };
  const whenIdle = async (): Promise<void> => {
    if (state.runs === 0) return;
    await new Promise<void>((resolve) => {
      state.idleWaiters.push(resolve);
    });
  };
  return {
    async predict(input) {
      const refused = refusalOf(input, admissionState(state));
      if (refused === undefined) return enqueue(state, input);
      noteRefusal(state, input, refused);
      throw refused;
    },
    refusal(call) {
      const refused = refusalOfChampion(call, admissionState(state));
      const aloneMs = state.estimate.microsOfQueue(call.rows) / 1000;
      if (refused?.code === "REJECTED" && aloneMs > call.deadline.remainingMs()) return undefined;
      if (refused !== undefined) noteRefusal(state, call, refused);
      return refused;
    },
    get queuedRows() {
      return state.champions.rows + state.shadows.rows;
    },
    get cost() {
      return state.estimate.cost;
    },
    get busy() {
      return state.runs > 0;
    },
    whenIdle,
    async close() {
      state.closed = true;
      for (const request of state.shadows.waiting()) {
        reject(state, request, new InferenceError("CLOSED", "shadow rows are not waited for"));
      }
      await whenIdle();
    },
  };
}

function noteRefusal(
  state: BatcherState,
  caller: Pick<ScoringInput, "rows" | "priority">,
  refused: InferenceError,
): void {
  if (refused.code === "REJECTED") state.refusingSinceMicros ??= state.options.clock.monotonicMicros();
  observeRejection(state, caller, refused);
}

function admissionState(state: BatcherState): AdmissionState {
  const { clock, model } = state.options;
  const nowMicros = clock.monotonicMicros();
  return {
    closed: state.closed,
    inputSize: model.inputSize,
    limits: state.limits,
    estimate: state.estimate,
    championRows: state.champions.rows,
    shadowRows: state.shadows.rows,
    busyMicros: state.inFlight === 0 ? 0 : Math.max(0, state.busyUntilMicros - nowMicros),
    refusingMicros: state.refusingSinceMicros === undefined ? 0 : nowMicros - state.refusingSinceMicros,
  };
}

function enqueue(state: BatcherState, input: ScoringInput): Promise<Float32Array> {
  const { promise, resolve, reject: rejectCaller } = Promise.withResolvers<Float32Array>();
  const { vectors, rows, deadline, signal, ran, priority = "champion" } = input;
  const request: ScoringRequest = {
    vectors,
    rows,
    deadline,
    priority,
    scores: new Float32Array(rows),
    resolve,
    reject: rejectCaller,
    ran: ran === undefined ? undefined : sinceNow(state, ran),
    taken: 0,
    settled: false,
  };
  queueOf(state, request).add(request);
  start(state);
  if (signal === undefined) return promise;
  const giveUp = (): void => reject(state, request, canceledError());
  signal.addEventListener("abort", giveUp, { once: true });
  return promise.finally(() => signal.removeEventListener("abort", giveUp));
}

/** Tells how long a batch was waited for, by when it was dispatched. */
function sinceNow(
  { options: { clock } }: BatcherState,
  ran: NonNullable<ScoringInput["ran"]>,
): ScoringRequest["ran"] {
  const askedMicros = clock.monotonicMicros();
  return (batch, startMicros) => ran(batch, startMicros - askedMicros);
}

/** Starts a run when one more may be on. */
function start(state: BatcherState): void {
  const buffer = state.buffers.pop();
  if (buffer === undefined) return;
  state.runs += 1;
  // Everything that this turn of the event loop still brings joins the batch.
  setImmediate(() => void run(state, buffer));
}

async function run(state: BatcherState, buffer: Float32Array): Promise<void> {
  const { clock, model } = state.options;
  const fail = (request: ScoringRequest, cause: unknown): void => reject(state, request, backendError(cause));
  for (;;) {
    const slices = nextBatch(state);
    if (slices.length === 0) break;
    const batchRows = slices.reduce((sum, slice) => sum + slice.rows, 0);
    const startMicros = clock.monotonicMicros();
    state.inFlight += 1;
    state.busyUntilMicros = Math.max(startMicros, state.busyUntilMicros) + state.estimate.microsOf(batchRows);
    const answered = (batch: AnsweredBatch): void => finish(state, { slices, startMicros, ...batch });
    await scoreBatch(slices, { model, buffer, fail, answered });
  }
  state.runs -= 1;
  state.buffers.push(buffer);
  if (state.runs > 0) return;
  for (const resolve of state.idleWaiters.splice(0)) resolve();
}

/** The model has answered: the estimate learns, and who wants to hear of the batch does. */
function finish(
  state: BatcherState,
  done: AnsweredBatch & { readonly slices: readonly BatchSlice[]; readonly startMicros: number },
): void {
  const { slices, startMicros, rows, failed } = done;
  const endMicros = state.options.clock.monotonicMicros();
  // With another run before it in the model, it began when that one ended.
  const beganMicros = Math.max(startMicros, state.lastEndMicros);
  state.inFlight -= 1;
  state.lastEndMicros = endMicros;
  state.refusingSinceMicros = undefined;
  if (state.inFlight === 0) state.busyUntilMicros = endMicros;
  if (!failed) state.estimate.learn(rows, endMicros - beganMicros);
  const priority = slices[0]?.request.priority ?? "champion";
  const batch: FinishedBatch = { rows, micros: endMicros - startMicros, failed, priority };
  state.options.observer?.batchFinished?.(batch);
  for (const { request } of slices) request.ran?.(batch, startMicros);
}

/** Champions first; shadow rows only when nothing else is in the model and nobody to yield to is busy. */
function nextBatch(state: BatcherState): readonly BatchSlice[] {
  const { limits, estimate } = state;
  const late = (request: ScoringRequest): void => reject(state, request, lateError(request));
  const microsOf = (rows: number): number => estimate.microsOf(rows);
  const champions = state.champions.takeRows({ microsOf, late, maxRows: limits.batchRows });
  if (champions.length > 0 || state.shadows.rows === 0 || state.inFlight > 0) return champions;
  const busy = state.options.yieldsTo?.find((other) => other.busy);
  if (busy === undefined) {
    const maxRows = Math.min(limits.batchRows, limits.shadowBatchRows);
    return state.shadows.takeRows({ microsOf, late, maxRows });
  }
  if (!state.waitsForOther) void startWhenIdle(state, busy);
  return champions;
}

async function startWhenIdle(state: BatcherState, other: Yielding): Promise<void> {
  state.waitsForOther = true;
  await other.whenIdle();
  state.waitsForOther = false;
  start(state);
}

function queueOf(state: BatcherState, request: ScoringRequest): BatcherState["champions"] {
  return request.priority === "shadow" ? state.shadows : state.champions;
}

function reject(state: BatcherState, request: ScoringRequest, error: InferenceError): void {
  if (!queueOf(state, request).drop(request)) return;
  observeRejection(state, request, error);
  request.reject(error);
}

function observeRejection(
  state: BatcherState,
  caller: Pick<ScoringInput, "rows" | "priority">,
  error: InferenceError,
): void {
  const { rows, priority = "champion" } = caller;
  state.options.observer?.callerRejected?.({ code: error.code, reason: error.entry.reason, rows, priority });
}

function lateError(request: ScoringRequest): InferenceError {
  const lateMs = -request.deadline.remainingMs();
  return new InferenceError("DEADLINE", `the model's turn came ${lateMs.toFixed(1)} ms too late`);
}

function backendError(cause: unknown): InferenceError {
  if (cause instanceof InferenceError) return cause;
  return new InferenceError("BACKEND", cause instanceof Error ? cause.message : String(cause), { cause });
}
