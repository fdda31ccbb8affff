import type { BaseTransaction } from "@tollgate/contracts";
import type { ElapsedFeature, EntityDefinition, Place, TravelFeature } from "../definition.ts";
import { commonOf, type FeatureOptions, type FilterOptions } from "./feature-options.ts";

/** Half of the earth's circumference, in kilometres, rounded up. */
const furthestKilometres = 20_016;

/**
 * Seconds since the entity's last transaction; 0 for one that comes late, missing for the first. Exact also
 * with `where`, however many others lie between: the state keeps a time for each filter.
 */
export function secondsSinceLast<T extends BaseTransaction>(
  entity: EntityDefinition<T>,
  options: FilterOptions<T> = {},
): ElapsedFeature<T> {
  const common = commonOf(options, { unit: "seconds", min: 0 });
  return Object.freeze({ ...common, kind: "seconds-since-last", entity, where: options.where });
}

/** Seconds since the first transaction known of the entity; 0 for an earlier one, missing for none. */
export function secondsSinceFirst<T extends BaseTransaction>(
  entity: EntityDefinition<T>,
  options: FilterOptions<T> = {},
): ElapsedFeature<T> {
  const common = commonOf(options, { unit: "seconds", min: 0 });
  return Object.freeze({ ...common, kind: "seconds-since-first", entity, where: options.where });
}

/** Great-circle kilometres from the latest place that is remembered; missing without one on either side. */
export function distanceSinceLast<T extends BaseTransaction>(
  entity: EntityDefinition<T>,
  place: Place<T>,
  options: FeatureOptions = {},
): TravelFeature<T> {
  const common = commonOf(options, { unit: "kilometres", min: 0, max: furthestKilometres });
  return Object.freeze({ ...common, kind: "distance-since-last", entity, place });
}

/** Kilometres an hour from the latest place that is remembered; gaps under a minute count as a minute. */
export function speedSinceLast<T extends BaseTransaction>(
  entity: EntityDefinition<T>,
  place: Place<T>,
  options: FeatureOptions = {},
): TravelFeature<T> {
  const common = commonOf(options, { unit: "kilometres per hour", min: 0 });
  return Object.freeze({ ...common, kind: "speed-since-last", entity, place });
}
