import { createModelSlot, type InferenceObserver, type ModelSlot } from "@tollgate/inference";
import type { PipelineModel } from "@tollgate/scoring";
import { summingModel } from "./summing-slot.ts";
import type { TestClock } from "./test-clock.ts";

/** A real slot and batcher around a model whose first run ends when it is told to. */
export interface HeldSlot {
  readonly slot: ModelSlot<PipelineModel>;
  /** Resolves when the first run is on. */
  readonly running: Promise<void>;
  /** Lets the first run end. */
  readonly release: () => void;
  /** Rows of each run so far. */
  readonly runs: readonly number[];
}

/** Runs after the first one take `runMs` on the clock. */
export function heldSlot(options: {
  readonly clock: TestClock;
  readonly runMs?: number;
  readonly observer?: InferenceObserver;
}): HeldSlot {
  const { clock, runMs = 0, observer = {} } = options;
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const { promise: running, resolve: run } = Promise.withResolvers<void>();
  const runs: number[] = [];
  const model = summingModel(3);
  const slot = createModelSlot<PipelineModel>({
    clock,
    observer,
    model: {
      ...model,
      async score(vectors, rows) {
        runs.push(rows);
        run();
        if (runs.length === 1) await released;
        else await afterTurn(() => clock.advanceMs(runMs));
        return model.score(vectors, rows);
      },
    },
  });
  return { slot, running, release, runs };
}

/** Whoever was answered before has gone on by then, at the old time. */
async function afterTurn(work: () => void): Promise<void> {
  await new Promise<void>((resolve) => {
    setImmediate(resolve);
  });
  work();
}
