import type { BaseTransaction } from "@tollgate/contracts";
import type { FeatureDefinition, MissingValue, Span, ValueRange } from "./definition.ts";
import { describeFeature } from "./describe-feature.ts";
import { featureName } from "./feature-name.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { inputsAmong, unitOf } from "./unit-of.ts";

/** What a column of the vector means: reference page, training columns and monitors are made from it. */
export interface FeatureDescription {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly dtype: "float32";
  readonly kind: string;
  readonly entity: string | undefined;
  readonly window: Span | undefined;
  readonly delay: Span | undefined;
  readonly range: ValueRange;
  /** What it holds when it cannot be known. */
  readonly missingValue: MissingValue;
  /** Identifies everything that gives the value its meaning. */
  readonly fingerprint: string;
}

/** Describes the features of a set that was checked, in order. */
export function describeFeatures<T extends BaseTransaction>(
  features: readonly FeatureDefinition<T>[],
): readonly FeatureDescription[] {
  const inputsOf = inputsAmong(features);
  const fingerprint = (feature: FeatureDefinition<T>): string =>
    fingerprintOf(feature, inputsOf(feature).map(fingerprint));
  return features.map((feature) => ({
    name: featureName(feature),
    description: describeFeature(feature),
    unit: unitOf(feature, inputsOf),
    dtype: "float32",
    kind: feature.kind === "aggregate" ? feature.aggregate : feature.kind,
    entity: "entity" in feature ? feature.entity.name : undefined,
    window: "window" in feature ? feature.window : undefined,
    delay: "delay" in feature ? feature.delay : undefined,
    range: feature.range,
    missingValue: feature.missing,
    fingerprint: fingerprint(feature),
  }));
}
