import type { BaseTransaction } from "@tollgate/contracts";
import type { EntityDefinition, Measure, NormalFeature, Span } from "../definition.ts";
import { commonOf, type FilterOptions } from "./feature-options.ts";

/**
 * This transaction's measure divided by the entity's mean over the window before it. The transaction itself
 * is left out of its normal, and compared with it whether `where` accepts it or not. Missing with fewer than
 * 3 before, or a mean of 0 or less.
 */
export function ratioToNormal<T extends BaseTransaction>(
  entity: EntityDefinition<T>,
  measure: Measure<T>,
  window: Span,
  options: FilterOptions<T> = {},
): NormalFeature<T> {
  const common = commonOf(options, { unit: "ratio" });
  return Object.freeze({ ...common, kind: "ratio-to-normal", entity, measure, where: options.where, window });
}

/**
 * How many standard deviations (divided by n) this transaction's measure lies from the entity's mean over the
 * window before it, itself left out and compared whether `where` accepts it or not. Missing with fewer than 3
 * before, or when they are all equal. As -1 is a common value here, choose a `missing` far outside, or
 * "not-a-number".
 */
export function zScore<T extends BaseTransaction>(
  entity: EntityDefinition<T>,
  measure: Measure<T>,
  window: Span,
  options: FilterOptions<T> = {},
): NormalFeature<T> {
  const common = commonOf(options, { unit: "standard deviations" });
  return Object.freeze({ ...common, kind: "z-score", entity, measure, where: options.where, window });
}
