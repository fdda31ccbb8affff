import type { BaseTransaction } from "@tollgate/contracts";
import { callSite } from "../call-site.ts";
import type { EntityDefinition, SequenceDefinition } from "../definition.ts";

/**
 * The entity's latest transactions one by one, as many as its ring holds. What is read of them must be
 * remembered: a measure, filter or category is when a feature of the entity uses it.
 */
export function recent<T extends BaseTransaction>(
  entity: EntityDefinition<T>,
  channels: Pick<SequenceDefinition<T>, "measures" | "filters" | "sameCategories">,
): SequenceDefinition<T> {
  return Object.freeze({ ...channels, entity, definedAt: callSite() });
}
