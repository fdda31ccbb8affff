import { createHash } from "node:crypto";
import type { BaseTransaction } from "@tollgate/contracts";
import type {
  DerivedFeature,
  EntityDefinition,
  FeatureDefinition,
  Filter,
  Measure,
  SequenceDefinition,
  StateFeature,
  TransactionFeature,
} from "./definition.ts";
import { categoryOf } from "./entity-layout.ts";
import { checkedSpanMs } from "./span.ts";

/** Hex characters of a fingerprint: 64 bits, short enough for a log line. */
const fingerprintLength = 16;

/**
 * Identifies what a feature's value means: a model reads a column only when it was trained on the same
 * fingerprint. Functions go in by name and revision, not by their text: bundlers and test runners rewrite it.
 */
export function fingerprintOf<T extends BaseTransaction>(
  feature: FeatureDefinition<T>,
  inputFingerprints: readonly string[],
): string {
  const common = [feature.kind, feature.unit, feature.missing];
  return digest([...common, ...meaningOf(feature, inputFingerprints)]);
}

/** The same for a sequence: a model reads it only when it was trained on the same channels and slots. */
export function fingerprintOfSequence<T extends BaseTransaction>({
  entity,
  measures,
  filters,
  sameCategories,
}: SequenceDefinition<T>): string {
  const categories = sameCategories.map((field) => ofNamed(categoryOf(field)));
  return digest(["sequence", entityOf(entity), measures.map(ofMeasure), filters.map(ofNamed), categories]);
}

export function digest(meaning: unknown): string {
  return createHash("sha256").update(JSON.stringify(meaning)).digest("hex").slice(0, fingerprintLength);
}

function meaningOf<T extends BaseTransaction>(
  feature: FeatureDefinition<T>,
  inputFingerprints: readonly string[],
): readonly unknown[] {
  if (feature.kind === "transaction") return meaningOfTransaction(feature);
  if (feature.kind === "derived") return meaningOfDerived(feature, inputFingerprints);
  return [entityOf(feature.entity), ...stateMeaning(feature)];
}

function meaningOfTransaction<T extends BaseTransaction>({
  name,
  revision = 1,
}: TransactionFeature<T>): readonly unknown[] {
  return [name, revision];
}

function meaningOfDerived<T extends BaseTransaction>(
  feature: DerivedFeature<T>,
  inputFingerprints: readonly string[],
): readonly unknown[] {
  const computed = feature.operation === "computed" ? [feature.name, feature.revision ?? 1] : [];
  const missing = feature.takesMissing === true ? ["takes-missing"] : [];
  return [feature.operation, inputFingerprints, [...computed, ...missing]];
}

function stateMeaning<T extends BaseTransaction>(feature: StateFeature<T>): readonly unknown[] {
  switch (feature.kind) {
    case "aggregate": {
      const { aggregate, measure, where, window, delay, includesCurrent } = feature;
      const spans = [checkedSpanMs(window), checkedSpanMs(delay)];
      return [aggregate, ofMeasure(measure), ofNamed(where), spans, includesCurrent];
    }
    case "rate": {
      const { where, among, window, includesCurrent } = feature;
      return [ofNamed(where), checkedSpanMs(window), includesCurrent, ...only(among)];
    }
    case "ratio-to-normal":
    case "z-score":
      return [ofMeasure(feature.measure), checkedSpanMs(feature.window), ...only(feature.where)];
    case "distinct":
    case "top-category-share": {
      const { category, where, window, includesCurrent } = feature;
      return [ofNamed(categoryOf(category)), checkedSpanMs(window), includesCurrent, ...only(where)];
    }
    case "first-seen":
      return [ofNamed(categoryOf(feature.category)), ...only(feature.where)];
    case "distance-since-last":
    case "speed-since-last": {
      const { place } = feature;
      return [ofNamed(place), place.latitude, place.longitude, ofNamed(place.where)];
    }
    case "label-rate":
      return [checkedSpanMs(feature.window), checkedSpanMs(feature.delay), ...only(feature.where)];
    case "seconds-since-last":
    case "seconds-since-first":
      return only(feature.where);
  }
}

/** The rings' capacities and the tiles' number are part of the meaning: they say how exact a value is. */
function entityOf<T extends BaseTransaction>(entity: EntityDefinition<T>): readonly unknown[] {
  const { name, version, recentCapacity, recentLabels = 0, tilesPerWindow = null } = entity;
  const labels = recentLabels > 0 ? [recentLabels] : [];
  return [name, version, recentCapacity, tilesPerWindow, ...labels];
}

/** Nothing without a filter: models from before there were any on such features keep their columns. */
function only<T extends BaseTransaction>(where: Filter<T> | undefined): readonly unknown[] {
  return where === undefined ? [] : [ofNamed(where)];
}

function ofMeasure<T extends BaseTransaction>(measure: Measure<T> | undefined): readonly unknown[] | null {
  return measure === undefined ? null : [...(ofNamed(measure) ?? []), measure.unit, measure.step];
}

function ofNamed<T extends BaseTransaction>(
  named: Pick<Filter<T>, "name" | "revision"> | undefined,
): readonly unknown[] | null {
  return named === undefined ? null : [named.name, named.revision ?? 1];
}
