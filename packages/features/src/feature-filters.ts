import type { BaseTransaction } from "@tollgate/contracts";
import type { Filter, StateFeature } from "./definition.ts";

/** Every filter that a feature uses. */
export function filtersOf<T extends BaseTransaction>(feature: StateFeature<T>): readonly Filter<T>[] {
  const where = "where" in feature ? feature.where : undefined;
  const among = "among" in feature ? feature.among : undefined;
  const placed = "place" in feature ? feature.place.where : undefined;
  return [where, among, placed].filter((filter) => filter !== undefined);
}
