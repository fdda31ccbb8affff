import type { BaseTransaction } from "@tollgate/contracts";
import type { EntityDefinition, LabelRateFeature, Span } from "../definition.ts";
import { commonOf, type FilterOptions } from "./feature-options.ts";

/**
 * Share of fraud among the entity's transactions of a window that ended `delay` ago, by the labels that had
 * arrived; missing when there were no transactions. Exact with the entity's `recentLabels`; else from whole
 * tiles that ended before then, so the window is shifted into the past by at most one tile. On `streamed`
 * entities only: labels reach no other.
 */
export function labelRate<T extends BaseTransaction>(
  entity: EntityDefinition<T>,
  window: Span,
  options: FilterOptions<T> & { readonly delay: Span },
): LabelRateFeature<T> {
  const common = commonOf(options, { unit: "share", min: 0, max: 1 });
  const { where, delay } = options;
  return Object.freeze({ ...common, kind: "label-rate", entity, where, window, delay });
}
