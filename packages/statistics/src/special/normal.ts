import { assertBetween } from "../checks.ts";
import { bisectFalling } from "./bisect.ts";
import { lowerGamma, upperGamma } from "./incomplete-gamma.ts";

/** Beyond this a double's tail probability is zero. */
const lastQuantile = 39;

/** P(Z > z) of the standard normal distribution, relative error below 1e-12 in the tail as well. */
export function normalSurvival(z: number): number {
  return z >= 0 ? upperGamma(0.5, (z * z) / 2) / 2 : 0.5 + lowerGamma(0.5, (z * z) / 2) / 2;
}

/** P(Z ≤ z) of the standard normal distribution. */
export function normalCumulative(z: number): number {
  return normalSurvival(-z);
}

/** The z with P(Z ≤ z) = probability, 0 < probability < 1. */
export function normalQuantile(probability: number): number {
  assertBetween(probability, 0, 1, "probability");
  if (probability === 0.5) return 0;
  const tail = Math.min(probability, 1 - probability);
  const z = bisectFalling((candidate) => normalSurvival(candidate) - tail, 0, lastQuantile);
  return probability < 0.5 ? -z : z;
}
