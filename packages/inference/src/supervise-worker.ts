import type { Clock } from "@tollgate/runtime";
import { InferenceError } from "./errors.ts";
import type { PlacementLimits } from "./limits.ts";
import type { ScoringWorker } from "./open-worker.ts";

/** A worker that ended by itself. */
export interface WorkerDeath {
  readonly reason: string;
  /** Whether another worker is started at once; otherwise after the window, because too many have died. */
  readonly restarted: boolean;
}

/** A worker that is there again after it died. */
export interface SupervisedWorker {
  /** Throws BACKEND at once while no worker is there. */
  score(vectors: Float32Array, rows: number): Promise<Float32Array>;
  close(): Promise<void>;
}

export interface SuperviseOptions {
  readonly start: () => Promise<ScoringWorker>;
  readonly limits: PlacementLimits;
  readonly clock: Clock;
  readonly died: (death: WorkerDeath) => void;
}

/**
 * Keeps a worker running: what it had when it died fails at once, and so does what comes before the next one
 * is ready. At most `workerRestarts` start in a window, so that a model that kills its thread cannot keep a
 * core busy with loading.
 */
export function superviseWorker(first: ScoringWorker, options: SuperviseOptions): SupervisedWorker {
  const { limits, clock } = options;
  let current: ScoringWorker | undefined;
  let restarting: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  const restarts: number[] = [];

  function use(worker: ScoringWorker): void {
    current = worker;
    void replaceWhenDead(worker);
  }

  async function replaceWhenDead(worker: ScoringWorker): Promise<void> {
    const reason = await worker.gone;
    if (!closed) replace(reason);
  }

  function replace(reason: string): void {
    current = undefined;
    const nowMs = clock.monotonicMicros() / 1000;
    while (restarts.length > 0 && nowMs - (restarts[0] ?? 0) >= limits.workerRestartWindowMs)
      restarts.shift();
    const restarted = restarts.length < limits.workerRestarts;
    options.died({ reason, restarted });
    if (restarted) {
      restarts.push(nowMs);
      restarting = restart();
      return;
    }
    timer = setTimeout(() => {
      restarts.length = 0;
      restarting = restart();
    }, limits.workerRestartWindowMs).unref();
  }

  async function restart(): Promise<void> {
    try {
      const worker = await options.start();
      if (closed) await worker.end();
      else use(worker);
    } catch (error) {
      if (!closed) replace(error instanceof Error ? error.message : String(error));
    }
  }

  use(first);
  return {
    async score(vectors, rows) {
      if (current !== undefined) return current.score(vectors, rows);
      throw new InferenceError("BACKEND", closed ? "the model is closed" : "its worker is being replaced");
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      const worker = current;
      current = undefined;
      await Promise.all([worker?.end(), restarting]);
    },
  };
}
