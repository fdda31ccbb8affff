import type { Clock } from "@tollgate/runtime";
import { createBatcher, type Batcher, type BatcherOptions, type Yielding } from "./create-batcher.ts";
import { InferenceError } from "./errors.ts";
import type { ScoringInput } from "./scoring-input.ts";
import type { ScoringModel } from "./scoring-model.ts";

/** Scores, and the model that gave them: during a swap two callers may get theirs from two versions. */
export interface ServedScores<M extends ScoringModel = ScoringModel> {
  readonly model: M;
  readonly scores: Float32Array;
}

/** What serves now. */
export interface ServedModel<M extends ScoringModel = ScoringModel> {
  readonly model: M;
  readonly batcher: Pick<Batcher, "queuedRows" | "cost">;
}

/** How a swap went, in milliseconds. */
export interface SwapReport {
  /** Load, verification and warm-up of the new model, while the old one served. */
  readonly loadMs: number;
  /** From the switch until the old one had answered its last caller and was freed. */
  readonly drainMs: number;
}

/**
 * A place for one model at a time, whose model is replaced while callers score. `M` may carry what its owner
 * needs beside the model, such as the columns that it takes.
 */
export interface ModelSlot<M extends ScoringModel = ScoringModel> extends Yielding {
  readonly current: ServedModel<M>;
  /**
   * Scores with the model that serves at this moment. `inputFor` makes the input for that model (its columns,
   * its size) and is called at once. Rejects as a batcher's `predict` does.
   */
  predict(inputFor: (model: M) => ScoringInput): Promise<ServedScores<M>>;
  /** As a batcher's `refusal`, of the model that serves at this moment. */
  refusal(call: Pick<ScoringInput, "rows" | "deadline">): InferenceError | undefined;
  /**
   * Loads the next model, switches to it, drains and closes the old one. When loading fails the old one
   * serves on and the error is thrown. Swaps that meet go one after the other.
   */
  swap(load: () => Promise<M>): Promise<SwapReport>;
  /** Waits for a swap that is on, drains the model and closes it. */
  close(): Promise<void>;
}

export interface ModelSlotOptions<M extends ScoringModel = ScoringModel> extends Omit<
  BatcherOptions,
  "model"
> {
  /** The first model; the slot closes it. */
  readonly model: M;
}

/** Puts the first model into a slot. */
export function createModelSlot<M extends ScoringModel>(options: ModelSlotOptions<M>): ModelSlot<M> {
  const { clock } = options;
  let served = serve(options.model, options);
  let swaps: Promise<unknown> = Promise.resolve();
  let closed = false;

  async function swapNow(load: () => Promise<M>): Promise<SwapReport> {
    const startMicros = clock.monotonicMicros();
    const model = await load();
    const loadMs = millisecondsSince(clock, startMicros);
    const old = served;
    const switchMicros = clock.monotonicMicros();
    served = serve(model, options);
    await retire(old);
    return { loadMs, drainMs: millisecondsSince(clock, switchMicros) };
  }

  return {
    get current() {
      return served;
    },
    async predict(inputFor) {
      const { model, batcher } = served;
      return { model, scores: await batcher.predict(inputFor(model)) };
    },
    refusal: (call) => served.batcher.refusal(call),
    async swap(load) {
      if (closed) throw new InferenceError("CLOSED", "the slot takes no more models");
      const swap = swaps.then(async () => swapNow(load));
      swaps = swap.catch(() => {});
      return swap;
    },
    get busy() {
      return served.batcher.busy;
    },
    whenIdle: async () => served.batcher.whenIdle(),
    async close() {
      closed = true;
      await swaps;
      await retire(served);
    },
  };
}

interface Served<M extends ScoringModel> {
  readonly model: M;
  readonly batcher: Batcher;
}

function serve<M extends ScoringModel>(model: M, options: ModelSlotOptions<M>): Served<M> {
  return { model, batcher: createBatcher({ ...options, model }) };
}

async function retire(old: Served<ScoringModel>): Promise<void> {
  await old.batcher.close();
  await old.model.close();
}

function millisecondsSince(clock: Clock, startMicros: number): number {
  return (clock.monotonicMicros() - startMicros) / 1000;
}
