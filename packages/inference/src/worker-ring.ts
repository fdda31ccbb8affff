import { InferenceError } from "./errors.ts";
import {
  endedWord,
  endWord,
  errorLengthWord,
  finishedWord,
  rowsWord,
  submittedWord,
  type WorkerMemory,
  type WorkerSlot,
} from "./worker-memory.ts";

/** The serving thread's side of a worker's slots. */
export interface WorkerRing {
  /** Scores up to a slot's rows; waits for a free slot. Throws BACKEND. */
  score(vectors: Float32Array, rows: number): Promise<Float32Array>;
  /** Waits for the batches that are on and asks the worker to end. */
  end(): Promise<void>;
  /** Asks the worker to end after the batch that is on, and blocks this thread until it has. */
  endBlocking(limitMs: number): void;
  /** The worker is given up: everybody who waits, now or later, gets the error; it ends when it can. */
  fail(error: InferenceError): void;
}

/** A batch that the worker has. */
interface SubmittedBatch {
  readonly slot: WorkerSlot;
  readonly rows: number;
  readonly resolve: (scores: Float32Array) => void;
  readonly reject: (error: InferenceError) => void;
}

interface RingState {
  readonly memory: WorkerMemory;
  readonly submitted: SubmittedBatch[];
  readonly slotWaiters: (() => void)[];
  /** How many batches were given their answers, modulo 2^32, as the worker counts them. */
  answered: number;
  nextSlot: number;
  listening: boolean;
  failure: InferenceError | undefined;
  timer: NodeJS.Timeout | undefined;
}

export function createWorkerRing(
  memory: WorkerMemory,
  options: { readonly slotRows: number; readonly runMs: number; readonly overdue: () => void },
): WorkerRing {
  const state: RingState = {
    memory,
    submitted: [],
    slotWaiters: [],
    answered: 0,
    nextSlot: 0,
    listening: false,
    failure: undefined,
    timer: undefined,
  };
  return {
    async score(vectors, rows) {
      if (rows > options.slotRows) {
        const detail = `${rows} rows do not fit into a worker's slot of ${options.slotRows}`;
        throw new InferenceError("INPUT_SIZE", detail);
      }
      // From the last look to the submission nothing waits: two callers must not take the same slot.
      while (isFull(state)) await slotFree(state);
      const slot = nextSlot(state);
      slot.vectors.set(vectors.subarray(0, (slot.vectors.length / options.slotRows) * rows));
      const { promise, resolve, reject } = Promise.withResolvers<Float32Array>();
      state.submitted.push({ slot, rows, resolve, reject });
      submit(state, slot, rows);
      state.timer ??= setTimeout(options.overdue, options.runMs);
      if (!state.listening) listen(state);
      return promise;
    },
    async end() {
      while (state.failure === undefined && state.submitted.length > 0) await slotFree(state);
      askToEnd(memory);
    },
    endBlocking(limitMs) {
      askToEnd(memory);
      Atomics.wait(memory.control, endedWord, 0, limitMs);
    },
    fail(error) {
      state.failure = error;
      clearTimeout(state.timer);
      for (const batch of state.submitted.splice(0)) batch.reject(error);
      for (const resolve of state.slotWaiters.splice(0)) resolve();
      askToEnd(memory);
      // Nobody else will wake the listener of a dead worker.
      Atomics.notify(memory.control, finishedWord);
    },
  };
}

function isFull(state: RingState): boolean {
  return state.failure === undefined && state.submitted.length >= state.memory.slots.length;
}

async function slotFree(state: RingState): Promise<void> {
  await new Promise<void>((resolve) => {
    state.slotWaiters.push(resolve);
  });
}

/** The slot whose turn it is in the ring. Throws when the worker is gone. */
function nextSlot(state: RingState): WorkerSlot {
  const slot = state.memory.slots[state.nextSlot];
  if (state.failure !== undefined) throw state.failure;
  if (slot === undefined) throw new InferenceError("BACKEND", "the worker has no slots");
  return slot;
}

function submit(state: RingState, slot: WorkerSlot, rows: number): void {
  const { control, slots } = state.memory;
  state.nextSlot = (state.nextSlot + 1) % slots.length;
  slot.header[rowsWord] = rows;
  Atomics.add(control, submittedWord, 1);
  Atomics.notify(control, submittedWord);
}

/** The worker looks at the word before each batch; the count wakes it. */
function askToEnd({ control }: WorkerMemory): void {
  Atomics.store(control, endWord, 1);
  Atomics.add(control, submittedWord, 1);
  Atomics.notify(control, submittedWord);
}

/** Answers what is finished and waits for more, as long as a batch is in the worker. */
function listen(state: RingState): void {
  const { control } = state.memory;
  for (;;) {
    const finished = Atomics.load(control, finishedWord);
    answer(state, finished);
    state.listening = state.failure === undefined && state.submitted.length > 0;
    if (!state.listening) return;
    const wait = Atomics.waitAsync(control, finishedWord, finished);
    if (!wait.async) continue;
    void wait.value.then(() => listen(state));
    return;
  }
}

function answer(state: RingState, finished: number): void {
  while (state.answered !== finished) {
    const batch = state.submitted.shift();
    if (batch === undefined) return;
    state.answered = (state.answered + 1) | 0;
    const errorLength = batch.slot.header[errorLengthWord] ?? 0;
    if (errorLength === 0) batch.resolve(batch.slot.scores.slice(0, batch.rows));
    else batch.reject(new InferenceError("BACKEND", textOf(batch.slot, errorLength)));
    state.slotWaiters.shift()?.();
    state.timer?.refresh();
  }
  if (state.submitted.length > 0) return;
  clearTimeout(state.timer);
  state.timer = undefined;
}

function textOf(slot: WorkerSlot, length: number): string {
  // A decoder takes no shared memory.
  return new TextDecoder().decode(slot.error.slice(0, length));
}
