import type { BaseTransaction } from "@tollgate/contracts";
import type { DerivedFeature, FeatureDefinition } from "./definition.ts";
import { featureName } from "./feature-name.ts";

/** Derived features, each after those it is made of; and the circles that make that impossible. */
export interface DerivedOrder<T extends BaseTransaction> {
  readonly ordered: readonly DerivedFeature<T>[];
  /** Each circle by its names, the first one again at the end. */
  readonly circles: readonly (readonly string[])[];
}

export function orderDerived<T extends BaseTransaction>(
  features: readonly FeatureDefinition<T>[],
): DerivedOrder<T> {
  const known = new Map(features.map((feature) => [featureName(feature), feature]));
  const done = new Set<string>();
  const ordered: DerivedFeature<T>[] = [];
  const circles: (readonly string[])[] = [];
  const visit = (name: string, way: readonly string[]): void => {
    const feature = known.get(name);
    if (feature?.kind !== "derived" || done.has(name)) return;
    const start = way.indexOf(name);
    if (start >= 0) {
      circles.push([...way.slice(start), name]);
      return;
    }
    for (const input of inputNames(feature)) visit(input, [...way, name]);
    if (done.has(name)) return;
    done.add(name);
    ordered.push(feature);
  };
  for (const name of known.keys()) visit(name, []);
  return { ordered, circles };
}

export function inputNames<T extends BaseTransaction>(feature: DerivedFeature<T>): readonly string[] {
  return feature.inputs.map((input) => (typeof input === "string" ? input : featureName(input)));
}
