import { at, type Counts } from "../checks.ts";
import { drawBinomial } from "./draw-binomial.ts";
import type { Random } from "./random.ts";

/** Fills `target` with `trials` draws over bins of the given weights, by one binomial a bin. */
export function drawMultinomial(random: Random, trials: number, weights: Counts, target: Float64Array): void {
  let weightLeft = 0;
  for (let bin = 0; bin < weights.length; bin += 1) weightLeft += at(weights, bin);
  let left = trials;
  for (let bin = 0; bin < weights.length; bin += 1) {
    const weight = at(weights, bin);
    const drawn = weight >= weightLeft ? left : drawBinomial(random, left, weight / weightLeft);
    target[bin] = weight > 0 ? drawn : 0;
    left -= at(target, bin);
    weightLeft -= weight;
  }
}
