import type { BatcherLimits } from "./limits.ts";
import type { ModelCost } from "./measure-cost.ts";

/** What batches will take: the cost measured at load, corrected by what they really took since. */
export interface CostEstimate {
  readonly cost: ModelCost;
  /** Microseconds of one run of so many rows. */
  microsOf(rows: number): number;
  /** Microseconds until so many rows are through, in runs of at most `batchRows`. */
  microsOfQueue(rows: number): number;
  /** Corrects the estimate by a run that was not disturbed by a failure. */
  learn(rows: number, micros: number): void;
}

/** Weighted sums that a line of least squares is drawn from: x are rows, y microseconds. */
interface LineSums {
  weight: number;
  x: number;
  y: number;
  xx: number;
  xy: number;
}

/**
 * Draws the line `fixed + perRow × rows` through the recent runs, newer ones counting more, and the measured
 * cost of the smallest and the largest batch: small batches on a busy event loop raise the fixed part, and
 * say nothing of what a row costs. The estimate stays within the limits' share of the measured cost.
 */
export function createCostEstimate(measuredCost: ModelCost, limits: BatcherLimits): CostEstimate {
  const { least, most } = limits.costCorrection;
  const recent: LineSums = { weight: 0, x: 0, y: 0, xx: 0, xy: 0 };
  // A clock's tick at least: a model that was measured as free must not have an infinite weight.
  const measured = (rows: number): number => Math.max(1, costOf(measuredCost, 1, rows));
  const bounded = (micros: number, of: number): number => Math.min(most * of, Math.max(least * of, micros));
  const anchors: LineSums = { weight: 0, x: 0, y: 0, xx: 0, xy: 0 };
  for (const rows of [1, limits.batchRows]) {
    add(anchors, { x: rows, y: measured(rows) }, limits.costAnchorWeight / measured(rows) ** 2);
  }
  let cost = measuredCost;
  return {
    get cost() {
      return cost;
    },
    microsOf: (rows) => bounded(costOf(cost, 1, rows), measured(rows)),
    microsOfQueue(rows) {
      const runs = Math.ceil(rows / limits.batchRows);
      return bounded(costOf(cost, runs, rows), costOf(measuredCost, runs, rows));
    },
    learn(rows, micros) {
      for (const name of ["weight", "x", "y", "xx", "xy"] as const) recent[name] *= 1 - limits.costWeight;
      // The relative error counts, so that small batches count as much as large ones.
      const weight = limits.costWeight / measured(rows) ** 2;
      add(recent, { x: rows, y: bounded(micros, measured(rows)) }, weight);
      cost = lineOf(recent, anchors);
    },
  };
}

function costOf(cost: ModelCost, runs: number, rows: number): number {
  return runs * cost.fixedMicros + rows * cost.perRowMicros;
}

function add(sums: LineSums, point: { readonly x: number; readonly y: number }, weight: number): void {
  sums.weight += weight;
  sums.x += weight * point.x;
  sums.y += weight * point.y;
  sums.xx += weight * point.x * point.x;
  sums.xy += weight * point.x * point.y;
}

/** Never negative: a part that would be is 0, and the other one alone fits best. */
function lineOf(recent: LineSums, anchors: LineSums): ModelCost {
  const weight = recent.weight + anchors.weight;
  const x = recent.x + anchors.x;
  const y = recent.y + anchors.y;
  const xx = recent.xx + anchors.xx;
  const xy = recent.xy + anchors.xy;
  const spread = weight * xx - x * x;
  const perRowMicros = spread > 0 ? (weight * xy - x * y) / spread : 0;
  if (perRowMicros <= 0) return { fixedMicros: y / weight, perRowMicros: 0 };
  const fixedMicros = (y - perRowMicros * x) / weight;
  return fixedMicros < 0 ? { fixedMicros: 0, perRowMicros: xy / xx } : { fixedMicros, perRowMicros };
}
