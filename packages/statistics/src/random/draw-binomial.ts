import { logGamma } from "../special/log-gamma.ts";
import type { Random } from "./random.ts";

/** Below this mean, counting geometric gaps takes fewer steps than the rejection method's set-up. */
const rejectionFromMean = 10;

/** One draw of the binomial distribution, exact for every size: its cost does not grow with `trials`. */
export function drawBinomial(random: Random, trials: number, probability: number): number {
  if (!(probability > 0) || trials <= 0) return 0;
  if (probability >= 1) return trials;
  if (probability > 0.5) return trials - drawBinomial(random, trials, 1 - probability);
  return trials * probability < rejectionFromMean
    ? countGaps(random, trials, probability)
    : drawByRejection(random, trials, probability);
}

/** Successes are counted by the geometric gaps between them. */
function countGaps(random: Random, trials: number, probability: number): number {
  const logFailure = Math.log1p(-probability);
  let position = 0;
  for (let successes = 0; ; successes += 1) {
    position += Math.floor(Math.log(1 - random()) / logFailure) + 1;
    if (position > trials) return successes;
  }
}

/** Transformed rejection with squeeze, BTRS. Source: Hörmann, J. Statist. Comput. Simul. 46 (1993). */
function drawByRejection(random: Random, trials: number, probability: number): number {
  const deviation = Math.sqrt(trials * probability * (1 - probability));
  const b = 1.15 + 2.53 * deviation;
  const a = -0.0873 + 0.0248 * b + 0.01 * probability;
  const centre = trials * probability + 0.5;
  const squeeze = 0.92 - 4.2 / b;
  const alpha = (2.83 + 5.1 / b) * deviation;
  const odds = Math.log(probability / (1 - probability));
  const mode = Math.floor((trials + 1) * probability);
  const atMode = logGamma(mode + 1) + logGamma(trials - mode + 1);
  for (;;) {
    const u = random() - 0.5;
    const v = random();
    const distance = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / distance + b) * u + centre);
    if (distance >= 0.07 && v <= squeeze) return k;
    if (!(k >= 0 && k <= trials)) continue;
    const bound = atMode - logGamma(k + 1) - logGamma(trials - k + 1) + (k - mode) * odds;
    if (Math.log((v * alpha) / (a / (distance * distance) + b)) <= bound) return k;
  }
}
