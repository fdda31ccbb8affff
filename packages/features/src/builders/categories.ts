import type { BaseTransaction } from "@tollgate/contracts";
import type {
  CategoryFeature,
  CategoryField,
  EntityDefinition,
  FirstSeenFeature,
  Span,
} from "../definition.ts";
import { commonOf, type FilterOptions, type WindowOptions } from "./feature-options.ts";

/**
 * How many different values the field had in the window, this transaction included unless told otherwise.
 * Among the entity's `recentCapacity` latest transactions; with a capacity of 0 estimated by linear counting
 * (256 bits a tile: 5 % standard error at 256 values, 11 % at 1,000, never above 1,420).
 */
export function distinct<T extends BaseTransaction>(
  entity: EntityDefinition<T>,
  category: CategoryField<T>,
  window: Span,
  options: WindowOptions<T> = {},
): CategoryFeature<T> {
  const { where, includesCurrent = true } = options;
  const common = commonOf(options, { unit: "different values", min: 0 });
  return Object.freeze({ ...common, kind: "distinct", entity, category, where, window, includesCurrent });
}

/**
 * Share of the window's transactions (of those with a value) that have the most frequent value, this one
 * included unless told otherwise; among the `recentCapacity` latest. Missing for none.
 */
export function topCategoryShare<T extends BaseTransaction>(
  entity: EntityDefinition<T>,
  category: CategoryField<T>,
  window: Span,
  options: WindowOptions<T> = {},
): CategoryFeature<T> {
  const { where, includesCurrent = true } = options;
  const common = commonOf(options, { unit: "share", min: 0, max: 1 });
  const meaning = { entity, category, where, window, includesCurrent };
  return Object.freeze({ ...common, ...meaning, kind: "top-category-share" });
}

/**
 * 1 when none of the `recentCapacity` latest transactions had this value, 0 when one had. Missing without
 * history or without a value. With `where` only what it accepts is history; this transaction's own value is
 * looked for in any case.
 */
export function firstSeen<T extends BaseTransaction>(
  entity: EntityDefinition<T>,
  category: CategoryField<T>,
  options: FilterOptions<T> = {},
): FirstSeenFeature<T> {
  const common = commonOf(options, { unit: "0 or 1", min: 0, max: 1 });
  return Object.freeze({ ...common, kind: "first-seen", entity, category, where: options.where });
}
