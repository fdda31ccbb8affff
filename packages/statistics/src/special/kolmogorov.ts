import { assertBetween } from "../checks.ts";
import { bisectFalling, upperBracket } from "./bisect.ts";

/** Below it the theta series converges faster, above it the alternating one: five terms of either do. */
const seriesChange = 0.9;

/** P(K > x) of Kolmogorov's limit law: 2 Σ (−1)^(k−1) e^(−2k²x²). Source: Feller (1948). */
export function kolmogorovSurvival(x: number): number {
  if (!(x > 0)) return 1;
  return x < seriesChange ? 1 - thetaSeries(x) : alternatingSeries(x);
}

/** The x with P(K > x) = survival, 0 < survival < 1. */
export function kolmogorovCritical(survival: number): number {
  assertBetween(survival, 0, 1, "survival");
  const excess = (x: number): number => kolmogorovSurvival(x) - survival;
  return bisectFalling(excess, 0, upperBracket(excess, 1));
}

function thetaSeries(x: number): number {
  let sum = 0;
  for (let k = 1; k <= 9; k += 2) sum += Math.exp((-k * k * Math.PI * Math.PI) / (8 * x * x));
  return (Math.sqrt(2 * Math.PI) / x) * sum;
}

function alternatingSeries(x: number): number {
  let sum = 0;
  for (let k = 5; k >= 1; k -= 1) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * x * x);
  return sum;
}
