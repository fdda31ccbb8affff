import { parentPort, workerData } from "node:worker_threads";
import type { Clock } from "@tollgate/runtime";
import { InferenceError } from "./errors.ts";
import type { Session } from "./open-session.ts";
import { prepareSession, type PreparedSession } from "./prepare-session.ts";
import {
  endedWord,
  endWord,
  errorLengthWord,
  finishedWord,
  rowsWord,
  submittedWord,
  viewWorkerMemory,
  type WorkerMemory,
  type WorkerSlot,
} from "./worker-memory.ts";
import type { WorkerMessage, WorkerStart } from "./worker-protocol.ts";

/** As runtime's; importing that package takes a new thread a quarter of its start. */
const clock: Clock = { nowMs: () => Date.now(), monotonicMicros: () => performance.now() * 1000 };

/** A scoring worker: loads its model, says what it costs, scores batches until it is told to end. */
await main(workerData as WorkerStart);

async function main(start: WorkerStart): Promise<void> {
  const memory = viewWorkerMemory(start.shared, start.sizes);
  try {
    const { session, ...facts } = await prepare(start);
    say({ type: "ready", facts });
    await serve(memory, session);
    await session.close();
  } catch (error) {
    say({ type: "refused", ...refusalOf(error) });
  } finally {
    Atomics.store(memory.control, endedWord, 1);
    Atomics.notify(memory.control, endedWord);
  }
}

async function prepare(start: WorkerStart): Promise<PreparedSession> {
  return prepareSession({
    manifest: start.manifest,
    golden: start.golden,
    // ONNX Runtime reads from memory of this thread only.
    modelBytes: start.modelBytes.slice(),
    accelerator: start.accelerator,
    limits: start.limits,
    clock,
    deviceFailed: (failure) => say({ type: "device-failed", failure }),
  });
}

/** Blocks while there is nothing to do: waking from `Atomics.wait` costs a third less than by a message. */
async function serve(memory: WorkerMemory, session: Session): Promise<void> {
  const { control, slots } = memory;
  for (let finished = 0, index = 0; ; finished = (finished + 1) | 0, index = (index + 1) % slots.length) {
    while (Atomics.load(control, submittedWord) === finished) Atomics.wait(control, submittedWord, finished);
    const slot = slots[index];
    if (slot === undefined || Atomics.load(control, endWord) !== 0) return;
    await scoreSlot(session, slot);
    Atomics.store(control, finishedWord, (finished + 1) | 0);
    Atomics.notify(control, finishedWord);
  }
}

async function scoreSlot(session: Session, slot: WorkerSlot): Promise<void> {
  try {
    slot.scores.set(await session.score(slot.vectors, slot.header[rowsWord] ?? 0));
    slot.header[errorLengthWord] = 0;
  } catch (error) {
    const { written } = new TextEncoder().encodeInto(refusalOf(error).detail, slot.error);
    // A failure without words is one all the same.
    slot.header[errorLengthWord] = Math.max(1, written);
  }
}

function refusalOf(error: unknown): { code: InferenceError["code"]; detail: string } {
  if (error instanceof InferenceError) {
    return { code: error.code, detail: error.message.slice(error.code.length + 2) };
  }
  return { code: "BACKEND", detail: String(error) };
}

function say(message: WorkerMessage): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin
  parentPort?.postMessage(message);
}
