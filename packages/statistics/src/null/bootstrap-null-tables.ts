import { assertWhole, at, totalOf, type Counts } from "../checks.ts";
import type { BinPositions, DriftMeasureName } from "../drift/drift-measure.ts";
import { driftMeasures } from "../drift/drift-measures.ts";
import { statisticsLimits } from "../limits.ts";
import { drawMultinomial } from "../random/draw-multinomial.ts";
import type { Random } from "../random/random.ts";
import { tableSurvivals, type NullTable } from "./null-table.ts";
import { samplingVariance, toScaleFree } from "./scale-free.ts";

export interface BootstrapNullOptions {
  readonly measures: readonly DriftMeasureName[];
  /** The reference's histogram. */
  readonly reference: Counts;
  /** Needed by `wasserstein` only. */
  readonly positions?: BinPositions;
  /** Sizes to draw at, ascending; a window below the first has no null. A step of 2 to 4 is close enough. */
  readonly windowSizes: readonly number[];
  readonly random: Random;
  readonly draws?: number;
}

/**
 * Null tables by parametric bootstrap from the reference's bins: a reference of the same size and a window of
 * each size are drawn from the reference's shares, again and again, and each measure computed on both.
 * Drawing the reference anew too counts its own sampling error, which matters when a window is as large as it
 * is. The same random source in the same state gives the same tables. Source: Efron and Tibshirani (1993),
 * ch. 6.
 */
export function bootstrapNullTables(options: BootstrapNullOptions): readonly NullTable[] {
  const { measures, reference, windowSizes, draws = statisticsLimits.nullDraws } = options;
  assertWhole(draws, 100, "draws");
  windowSizes.forEach((size, index) => {
    assertWhole(size, index === 0 ? 1 : at(windowSizes, index - 1) + 1, `windowSizes[${index}]`);
  });
  const referenceSize = totalOf(reference, "reference");
  const bySize = windowSizes.map((windowSize) => drawAll(options, { referenceSize, windowSize, draws }));
  return measures.map((measure, index) => {
    const rows = bySize.map((drawn, size) => {
      const variance = samplingVariance(referenceSize, at(windowSizes, size));
      return summarise(measure, drawn[index] ?? new Float64Array(0), variance);
    });
    return {
      measure,
      referenceSize,
      windowSizes,
      values: rows.map((row) => row.values),
      tailMeans: rows.map((row) => row.tailMean),
      means: rows.map((row) => row.mean),
    };
  });
}

/** One list of figures for each measure, all on the same draws. */
function drawAll(
  { measures, reference, positions, random }: BootstrapNullOptions,
  sizes: { readonly referenceSize: number; readonly windowSize: number; readonly draws: number },
): readonly Float64Array[] {
  const figures = measures.map(() => new Float64Array(sizes.draws));
  const drawnReference = new Float64Array(reference.length);
  const drawnWindow = new Float64Array(reference.length);
  for (let draw = 0; draw < sizes.draws; draw += 1) {
    drawMultinomial(random, sizes.referenceSize, reference, drawnReference);
    drawMultinomial(random, sizes.windowSize, reference, drawnWindow);
    measures.forEach((measure, index) => {
      const figure = driftMeasures[measure].ofCounts(drawnReference, drawnWindow, positions);
      figures[index]?.fill(figure, draw, draw + 1);
    });
  }
  return figures;
}

function summarise(
  measure: DriftMeasureName,
  figures: Float64Array,
  variance: number,
): { readonly values: readonly number[]; readonly tailMean: number; readonly mean: number } {
  const { nullExponent } = driftMeasures[measure];
  const sorted = figures.map((figure) => toScaleFree(figure, nullExponent, variance)).toSorted();
  const values = tableSurvivals.map((survival) => rounded(at(sorted, rank(sorted.length, survival))));
  const tail = sorted.subarray(rank(sorted.length, tableSurvivals.at(-1) ?? 0));
  const threshold = at(tail, 0);
  const excess = tail.reduce((sum, value) => sum + value - threshold, 0) / Math.max(1, tail.length - 1);
  const total = figures.reduce((sum, figure) => sum + figure, 0);
  const mean = total / figures.length / (nullExponent === 0 ? 1 : variance ** nullExponent);
  return { values, tailMean: rounded(excess), mean: rounded(mean) };
}

function rank(size: number, survival: number): number {
  return Math.min(size - 1, Math.floor(size * (1 - survival)));
}

/** Six digits: a thousand times finer than the draws allow, and half the bytes. */
function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
