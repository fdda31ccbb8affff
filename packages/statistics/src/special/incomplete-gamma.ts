import { StatisticsError } from "../errors.ts";
import { statisticsLimits } from "../limits.ts";
import { poissonLike } from "./log-gamma.ts";

const epsilon = 1e-17;

/**
 * Q(a, x) = Γ(a, x) / Γ(a): the regularised upper incomplete gamma function, a > 0, x ≥ 0; relative error
 * below 1e-12 into the far tail. Source: Abramowitz and Stegun 6.5.29 (series) and 6.5.31 (fraction).
 */
export function upperGamma(a: number, x: number): number {
  if (!(x > 0)) return 1;
  if (x === Infinity) return 0;
  return x < a + 1 ? 1 - lowerSeries(a, x) : upperFraction(a, x);
}

/** P(a, x) = 1 − Q(a, x). */
export function lowerGamma(a: number, x: number): number {
  if (!(x > 0)) return 0;
  if (x === Infinity) return 1;
  return x < a + 1 ? lowerSeries(a, x) : 1 - upperFraction(a, x);
}

function lowerSeries(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 1; n < statisticsLimits.seriesTerms; n += 1) {
    term *= x / (a + n);
    sum += term;
    if (term < sum * epsilon) return sum * poissonLike(a, x);
  }
  throw new StatisticsError("NO_CONVERGENCE", `incomplete gamma of a ${a}, x ${x}`);
}

/** Lentz's method. */
function upperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = Infinity;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < statisticsLimits.seriesTerms; n += 1) {
    const numerator = -n * (n - a);
    b += 2;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    const step = c * d;
    fraction *= step;
    if (Math.abs(step - 1) <= 2e-16) return fraction * a * poissonLike(a, x);
  }
  throw new StatisticsError("NO_CONVERGENCE", `incomplete gamma of a ${a}, x ${x}`);
}
