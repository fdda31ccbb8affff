import { Worker } from "node:worker_threads";
import type { GoldenRows, ModelManifest } from "@tollgate/model-registry";
import type { DeviceFailure } from "./accelerated-session.ts";
import { InferenceError } from "./errors.ts";
import type { ModelLimits, PlacementLimits } from "./limits.ts";
import type { Accelerator } from "./open-accelerator.ts";
import type { PreparedFacts } from "./prepare-session.ts";
import { createWorkerMemory } from "./worker-memory.ts";
import type { WorkerMessage, WorkerStart } from "./worker-protocol.ts";
import { createWorkerRing } from "./worker-ring.ts";

/** A thread that has its model loaded, verified and warm. */
export interface ScoringWorker {
  readonly facts: PreparedFacts;
  /** Scores up to a slot's rows. Throws BACKEND, at once when the worker dies. */
  score(vectors: Float32Array, rows: number): Promise<Float32Array>;
  /** Waits for the batches that are on, frees the model and ends the thread. */
  end(): Promise<void>;
  /** Resolves with the reason when the worker has ended, by `end` or otherwise, or was given up. */
  readonly gone: Promise<string>;
  readonly thread: Worker;
}

export interface OpenWorkerOptions {
  readonly manifest: ModelManifest;
  readonly golden: GoldenRows;
  readonly modelBytes: Uint8Array<SharedArrayBuffer>;
  readonly accelerator: Accelerator;
  readonly modelLimits: ModelLimits;
  readonly limits: PlacementLimits;
  readonly deviceFailed: (failure: DeviceFailure) => void;
}

/** Starts a worker and resolves when it can score. Throws what loading the model throws, or BACKEND. */
export async function openWorker(options: OpenWorkerOptions): Promise<ScoringWorker> {
  const { manifest, limits } = options;
  const sizes = { slots: limits.workerSlots, slotRows: limits.batchRows, inputSize: manifest.input.size };
  const memory = createWorkerMemory(sizes);
  const start: WorkerStart = {
    manifest,
    golden: options.golden,
    modelBytes: options.modelBytes,
    accelerator: options.accelerator,
    limits: options.modelLimits,
    shared: memory.shared,
    sizes,
  };
  const thread = new Worker(new URL("scoring-worker.ts", import.meta.url), { workerData: start });
  const { promise: gone, resolve: isGone } = Promise.withResolvers<string>();
  /**
   * Fails its callers and lets it end by itself: to terminate a thread inside the runtime's native code ends
   * the whole process ("terminate called after throwing an instance of 'Napi::Error'").
   */
  const giveUp = (reason: string): void => {
    ring.fail(new InferenceError("BACKEND", reason));
    thread.unref();
    isGone(reason);
  };
  const ring = createWorkerRing(memory, {
    slotRows: sizes.slotRows,
    runMs: limits.workerRunMs,
    overdue: () => giveUp(`a run took more than ${limits.workerRunMs} ms`),
  });
  thread.once("error", (error) => {
    giveUp(`the worker failed: ${error instanceof Error ? error.message : String(error)}`);
  });
  // A process that exits terminates its threads, with the same end as above: it waits for the run that is on.
  const beforeProcessExit = (): void => ring.endBlocking(limits.workerEndMs);
  process.once("exit", beforeProcessExit);
  thread.once("exit", () => {
    process.off("exit", beforeProcessExit);
    giveUp("the worker ended");
  });
  const facts = await readyFacts(thread, { gone, giveUp, startMs: limits.workerStartMs });
  thread.on("message", (message: WorkerMessage) => {
    if (message.type === "device-failed") options.deviceFailed(message.failure);
  });
  return {
    facts,
    score: async (vectors, rows) => ring.score(vectors, rows),
    async end() {
      await ring.end();
      const timer = setTimeout(() => giveUp("it did not end in time"), limits.workerEndMs);
      await gone;
      clearTimeout(timer);
    },
    gone,
    thread,
  };
}

async function readyFacts(
  thread: Worker,
  context: {
    readonly gone: Promise<string>;
    readonly giveUp: (reason: string) => void;
    readonly startMs: number;
  },
): Promise<PreparedFacts> {
  const { promise, resolve, reject } = Promise.withResolvers<PreparedFacts>();
  thread.on("message", (message: WorkerMessage) => {
    if (message.type === "ready") resolve(message.facts);
    if (message.type === "refused") reject(new InferenceError(message.code, message.detail));
  });
  const late = `it did not load its model within ${context.startMs} ms`;
  const timer = setTimeout(() => context.giveUp(late), context.startMs);
  try {
    return await Promise.race([promise, failWhenGone(context.gone)]);
  } finally {
    clearTimeout(timer);
  }
}

async function failWhenGone(gone: Promise<string>): Promise<never> {
  throw new InferenceError("BACKEND", await gone);
}
