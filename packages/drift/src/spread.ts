import { driftLimits } from "./limits.ts";
import type { Spread, SpreadTable } from "./reference-profile.ts";

export const noSpread: Spread = [0, 0, 0];

/**
 * Adds a figure; beyond `windowsMax` windows the oldest fade. Once enough are known, a figure far outside
 * counts as the edge of what is likely: one burst, or the first hours of a drift, must not make everything
 * likely.
 */
export function widenSpread([windows, mean, squares]: Spread, raw: number, windowsMax: number): Spread {
  const deviation = Math.max(1, Math.sqrt(squares / Math.max(1, windows - 1)));
  const edge = windows >= trustedWindows ? edgeDeviations * deviation : Infinity;
  const figure = Math.min(mean + edge, Math.max(mean - edge, raw));
  const kept = Math.min(windows, windowsMax - 1);
  const keptSquares = windows > kept ? squares * (kept / windows) : squares;
  const difference = figure - mean;
  const newMean = mean + difference / (kept + 1);
  return [kept + 1, newMean, keptSquares + difference * (figure - newMean)];
}

/**
 * The probability of a figure like this one in a healthy window: that of the sampling null, widened by how
 * much the figures of past healthy windows spread (over-dispersion: people are not independent draws), as a
 * prediction interval. Never less than the sampling null says. Where few windows are known (a week has been
 * lived through a few times only) the spread of shorter ones, doubled, counts as a few more.
 */
export function predictivePValue(
  figure: number,
  of: { readonly spread: Spread; readonly sides: 1 | 2; readonly shorter?: Spread | undefined },
  degreesMax: number = driftLimits.spreadDegreesMax,
): number {
  const [windows, mean, squares] = of.spread;
  const [shorterWindows, , shorterSquares] = of.shorter ?? noSpread;
  const borrowed = shorterWindows > borrowedWindows ? borrowedWindows : 0;
  const shorterVariance = Math.max(1, shorterSquares / Math.max(1, shorterWindows - 1));
  const degrees = Math.max(1, windows - 1 + borrowed);
  const variance = (squares + borrowed * shorterSpread * shorterVariance) / degrees;
  const widened = Math.sqrt(Math.max(1, variance) * (1 + 1 / windows));
  const tail = Math.min(degrees, degreesMax);
  if (of.sides === 1) return studentSurvival((figure - Math.max(0, mean)) / widened, tail);
  return Math.min(1, 2 * studentSurvival(Math.abs(figure - mean) / widened, tail));
}

/** The reference's spread for the weeks after it, which lie further from it than its own from each other. */
export function widenedTable(table: SpreadTable): SpreadTable {
  return Object.fromEntries(
    Object.entries(table).map(([key, [windows, mean, squares]]) => [
      key,
      [windows, mean, laterSpread * squares],
    ]),
  );
}

/** By how much the variance of later windows may exceed that within the reference; as for `shorterSpread`. */
const laterSpread = 2;

const trustedWindows = 14;
const edgeDeviations = 6;

/** What the spread of shorter windows is worth, and by how much that of longer ones may exceed it. */
const borrowedWindows = 6;
const shorterSpread = 2;

/** Upper tail of Student's t for whole degrees of freedom, to 1e-12 of itself however far out. */
export function studentSurvival(t: number, degrees: number): number {
  if (t < 0) return 1 - studentSurvival(-t, degrees);
  // With t = √ν tan θ the tail is ∫ cos^(ν−1) from θ to π/2, over twice the same integral from 0.
  const cosine = Math.sqrt(degrees / (degrees + t * t));
  const tail =
    cosine < seriesCosine ? tailSeries(cosine, degrees - 1) : cosinePower(Math.acos(cosine), degrees - 1);
  return tail / (2 * cosinePower(0, degrees - 1));
}

/** Below it the series converges within 60 terms; above it the reduction formula loses no digits. */
const seriesCosine = 0.7;
const seriesTerms = 60;

/** ∫ cos^power from an angle to π/2 in powers of its cosine: all terms positive, so nothing cancels. */
function tailSeries(cosine: number, power: number): number {
  let sum = 0;
  let term = cosine ** (power + 1);
  for (let k = 0; k < seriesTerms; k += 1) {
    sum += term / (power + 2 * k + 1);
    term *= (cosine * cosine * (2 * k + 1)) / (2 * k + 2);
  }
  return sum;
}

/** The same by the reduction formula, exact but for rounding. */
function cosinePower(angle: number, power: number): number {
  if (power === 0) return Math.PI / 2 - angle;
  if (power === 1) return 1 - Math.sin(angle);
  const tail = -(Math.cos(angle) ** (power - 1)) * Math.sin(angle);
  return (tail + (power - 1) * cosinePower(angle, power - 2)) / power;
}
