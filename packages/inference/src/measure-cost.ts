import type { Clock } from "@tollgate/runtime";
import type { ModelLimits } from "./limits.ts";
import type { Session } from "./open-session.ts";

/** What a batch costs on this machine: `fixedMicros + perRowMicros * rows`. */
export interface ModelCost {
  readonly fixedMicros: number;
  readonly perRowMicros: number;
}

interface Measurement {
  readonly rows: number;
  readonly micros: number;
}

/** Measures batches of several sizes and draws the line of least squares through them. */
export async function measureCost(options: {
  readonly session: Session;
  readonly inputSize: number;
  readonly clock: Clock;
  readonly limits: ModelLimits;
}): Promise<ModelCost> {
  const { session, clock, limits } = options;
  const vectors = new Float32Array(Math.max(...limits.costRows) * options.inputSize);
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
  return lineThrough(measurements);
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
