import type { GoldenRows } from "@tollgate/model-registry";
import type { Clock } from "@tollgate/runtime";
import type { ModelLimits } from "./limits.ts";
import type { Session } from "./open-session.ts";

/** What a batch costs on this machine: `fixedMicros + perRowMicros * rows`. */
export interface ModelCost {
  readonly fixedMicros: number;
  readonly perRowMicros: number;
}

/** The fastest of several runs of so many rows. */
export interface Measurement {
  readonly rows: number;
  readonly micros: number;
}

/** Measures batches of several sizes. */
export async function measureRuns(options: {
  readonly session: Pick<Session, "score">;
  /** Real rows: made-up ones take one path through every tree, which is several times faster. */
  readonly sample: GoldenRows;
  readonly clock: Clock;
  readonly limits: ModelLimits;
}): Promise<readonly Measurement[]> {
  const { session, clock, limits } = options;
  const vectors = repeatRows(options.sample, Math.max(...limits.costRows));
  const measurements: Measurement[] = [];
  for (const rows of limits.costRows) {
    let micros = Number.POSITIVE_INFINITY;
    for (let run = 0; run < limits.costRuns; run += 1) {
      const startMicros = clock.monotonicMicros();
      await session.score(vectors, rows);
      micros = Math.min(micros, clock.monotonicMicros() - startMicros);
    }
    measurements.push({ rows, micros });
  }
  return measurements;
}

/** The sample's rows again and again, until there are `rows` of them. */
export function repeatRows(sample: GoldenRows, rows: number): Float32Array {
  const inputSize = sample.vectors.length / sample.rows;
  const vectors = new Float32Array(rows * inputSize);
  for (let row = 0; row < rows; row += 1) {
    const start = (row % sample.rows) * inputSize;
    vectors.set(sample.vectors.subarray(start, start + inputSize), row * inputSize);
  }
  return vectors;
}

/** Least squares of the relative error, so that small batches count as much as large ones; never negative. */
export function lineThrough(measurements: readonly Measurement[]): ModelCost {
  let weights = 0;
  let meanRows = 0;
  let meanMicros = 0;
  for (const { rows, micros } of measurements) {
    const weight = weightOf(micros);
    weights += weight;
    meanRows += weight * rows;
    meanMicros += weight * micros;
  }
  meanRows /= weights;
  meanMicros /= weights;
  let variance = 0;
  let covariance = 0;
  for (const { rows, micros } of measurements) {
    variance += weightOf(micros) * (rows - meanRows) ** 2;
    covariance += weightOf(micros) * (rows - meanRows) * (micros - meanMicros);
  }
  const perRowMicros = variance === 0 ? 0 : Math.max(0, covariance / variance);
  return { fixedMicros: Math.max(0, meanMicros - perRowMicros * meanRows), perRowMicros };
}

function weightOf(micros: number): number {
  return 1 / Math.max(1, micros) ** 2;
}
