import type { FeatureDescription } from "./feature-description.ts";

/**
 * Compiles the guard of a vector: counts, column by column, what lies outside its range. The missing value is
 * no fault; a NaN that does not stand for missing is one.
 */
export function compileGuard(
  features: readonly FeatureDescription[],
  missing: Float64Array,
): (vector: Float32Array, offset: number, counts: Uint32Array) => number {
  const least = Float64Array.from(features, ({ range }) => Math.fround(range.min ?? -Infinity));
  const most = Float64Array.from(features, ({ range }) => Math.fround(range.max ?? Infinity));
  const absent = Float32Array.from(missing);
  return (vector, offset, counts) => {
    let outside = 0;
    for (let column = 0; column < least.length; column += 1) {
      const value = vector[offset + column] ?? 0;
      const isInside = value >= (least[column] ?? 0) && value <= (most[column] ?? 0);
      if (isInside || Object.is(value, absent[column])) continue;
      counts[column] = (counts[column] ?? 0) + 1;
      outside += 1;
    }
    return outside;
  };
}
