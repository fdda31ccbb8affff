import type { BaseTransaction } from "@tollgate/contracts";
import type { FeatureDefinition } from "./definition.ts";
import { inputNames } from "./derived-order.ts";
import { featureName } from "./feature-name.ts";

/** The features that a derived one is made of, as far as they are in the set; none for any other. */
export type InputsOf<T extends BaseTransaction> = (
  feature: FeatureDefinition<T>,
) => readonly FeatureDefinition<T>[];

export function inputsAmong<T extends BaseTransaction>(
  features: readonly FeatureDefinition<T>[],
): InputsOf<T> {
  const byName = new Map(features.map((feature) => [featureName(feature), feature]));
  return (feature) =>
    feature.kind === "derived" ? inputNames(feature).flatMap((name) => byName.get(name) ?? []) : [];
}

/** A difference has the unit of what it is made of, which may be a difference too. */
export function unitOf<T extends BaseTransaction>(
  feature: FeatureDefinition<T>,
  inputsOf: InputsOf<T>,
  within: readonly FeatureDefinition<T>[] = [],
): string {
  const [first] = inputsOf(feature);
  const isDifference = feature.kind === "derived" && feature.operation === "difference";
  // One that is made of itself is refused elsewhere; here it must only come to an end.
  if (!isDifference || first === undefined || within.includes(feature)) return feature.unit;
  return unitOf(first, inputsOf, [...within, feature]);
}
