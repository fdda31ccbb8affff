/* oxfmt-ignore */
const central = {
  over: [
    -39.69683028665376, 220.9460984245205, -275.9285104469687,
    138.357751867269, -30.66479806614716, 2.506628277459239,
  ],
  under: [
    -54.47609879822406, 161.5858368580409, -155.6989798598866,
    66.80131188771972, -13.28068155288572, 1,
  ],
} as const;
/* oxfmt-ignore */
const outer = {
  over: [
    -0.007784894002430293, -0.3223964580411365, -2.400758277161838,
    -2.549732539343734, 4.374664141464968, 2.938163982698783,
  ],
  under: [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1],
} as const;
const outerFrom = 0.02425;

/**
 * The z that a standard normal exceeds with probability p, 0 < p < 1, within 1e-8 of itself: a hundred times
 * faster than the exact inverse, and a window asks for fifty. Source: P. J. Acklam's rational approximation.
 */
export function normalDeviate(p: number): number {
  if (p > 0.5) return -normalDeviate(1 - p);
  if (p >= outerFrom) {
    const q = 0.5 - p;
    return (q * polynomial(central.over, q * q)) / polynomial(central.under, q * q);
  }
  const q = Math.sqrt(-2 * Math.log(p));
  return -polynomial(outer.over, q) / polynomial(outer.under, q);
}

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
}
