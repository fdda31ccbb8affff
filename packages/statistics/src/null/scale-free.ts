import type { DriftMeasure } from "../drift/drift-measure.ts";

/** What a measure's null shrinks with: the variance of a difference of two shares, per unit. */
export function samplingVariance(referenceSize: number, windowSize: number): number {
  return 1 / windowSize + 1 / referenceSize;
}

/**
 * A measure's figure freed of the sizes, and made a quadratic form where it is a root of one: its law hardly
 * depends on the sizes, and its tail falls about exponentially.
 */
export function toScaleFree(
  statistic: number,
  exponent: DriftMeasure["nullExponent"],
  variance: number,
): number {
  if (exponent === 0) return statistic;
  return (exponent === 0.5 ? statistic * statistic : statistic) / variance;
}

/** The inverse of `toScaleFree`. */
export function fromScaleFree(
  value: number,
  exponent: DriftMeasure["nullExponent"],
  variance: number,
): number {
  if (exponent === 0) return value;
  return exponent === 0.5 ? Math.sqrt(value * variance) : value * variance;
}
