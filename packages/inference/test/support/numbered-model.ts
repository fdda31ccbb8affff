import type { TestClock } from "@tollgate/testkit";
import type { BatcherOptions } from "../../src/index.ts";

/** A model for a schedule: a row is its number, and its score says which number it was. */
export interface NumberedModel {
  readonly model: BatcherOptions["model"];
  /** The rows' numbers of every run, in order. */
  readonly runs: readonly (readonly number[])[];
  readonly seen: ReadonlySet<number>;
}

export const numberedCost = { fixedMicros: 100, perRowMicros: 10 } as const;
/** Numbers stay below it, so that a score is a probability. */
const numbers = 1_000_000;

export function scoreOfNumber(number: number): number {
  return Math.fround(number / numbers);
}

/** Takes `slowness` times its cost on the clock and some turns of the event loop for each run. */
export function numberedModel(
  clock: TestClock,
  options: {
    readonly slowness?: number;
    readonly runsAtOnce?: number;
    /** Called with the rows' numbers and how many runs are on already. */
    readonly beforeRun?: (numbers: readonly number[], runsOn: number) => void;
  } = {},
): NumberedModel {
  const { slowness = 1, runsAtOnce = 1 } = options;
  const runs: (readonly number[])[] = [];
  const seen = new Set<number>();
  let runsOn = 0;
  return {
    runs,
    seen,
    model: {
      inputSize: 1,
      cost: numberedCost,
      runsAtOnce,
      async score(vectors, rows) {
        const batch = [...vectors.subarray(0, rows)];
        options.beforeRun?.(batch, runsOn);
        runsOn += 1;
        runs.push(batch);
        for (const number of batch) seen.add(number);
        await nextTurn();
        clock.advanceMs((slowness * (numberedCost.fixedMicros + numberedCost.perRowMicros * rows)) / 1000);
        runsOn -= 1;
        return Float32Array.from(batch, scoreOfNumber);
      },
    },
  };
}

export async function nextTurn(): Promise<void> {
  await new Promise<void>((resolve) => {
    setImmediate(resolve);
  });
}
