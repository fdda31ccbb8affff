import type { BaseTransaction } from "@tollgate/contracts";
import type { CategoryField, FeatureDefinition, SequenceDefinition, StateFeature } from "./definition.ts";

/** `view@v2:feature`, Feast's grammar: `card@v1:count_1h`, `transaction:amount`, `derived:share_of_day`. */
export function featureName<T extends BaseTransaction>(feature: FeatureDefinition<T>): string {
  if (feature.kind === "transaction") return `transaction:${feature.name}`;
  if (feature.kind === "derived") return `derived:${feature.name}`;
  const { entity, name } = feature;
  return `${entity.name}@v${entity.version}:${name ?? localName(feature)}`;
}

/** `card@v1:recent`. */
export function sequenceName<T extends BaseTransaction>({ entity }: SequenceDefinition<T>): string {
  return `${entity.name}@v${entity.version}:recent`;
}

/** `merchantId` is remembered as `merchant`, `merchantCategoryCode` as `merchant_category_code`. */
export function categoryName<T extends BaseTransaction>(category: CategoryField<T>): string {
  if (typeof category !== "string") return category.name;
  return category.replaceAll(/[A-Z]/gu, (letter) => `_${letter.toLowerCase()}`).replace(/_id$/u, "");
}

function localName<T extends BaseTransaction>(feature: StateFeature<T>): string {
  switch (feature.kind) {
    case "aggregate": {
      const statistic = feature.aggregate.replaceAll("-", "_");
      const delay = feature.delay === undefined ? undefined : `delay_${feature.delay}`;
      const before = feature.delay === undefined && !feature.includesCurrent ? "before" : undefined;
      return joined(statistic, feature.measure?.name, feature.where?.name, before, feature.window, delay);
    }
    case "rate": {
      const among = feature.among === undefined ? undefined : `among_${feature.among.name}`;
      return joined("rate", feature.where.name, among, beforeOf(feature), feature.window);
    }
    case "ratio-to-normal":
      return joined(feature.measure.name, "to_normal", feature.where?.name, feature.window);
    case "z-score":
      return joined(feature.measure.name, "z_score", feature.where?.name, feature.window);
    case "distinct":
    case "top-category-share": {
      const category = categoryName(feature.category);
      const what = feature.kind === "distinct" ? `distinct_${category}` : `top_${category}_share`;
      return joined(what, feature.where?.name, beforeOf(feature), feature.window);
    }
    case "first-seen":
      return joined("first_seen", categoryName(feature.category), feature.where?.name);
    case "seconds-since-last":
      return joined("seconds_since_last", feature.where?.name);
    case "seconds-since-first":
      return joined("seconds_since_first", feature.where?.name);
    case "distance-since-last":
      return "kilometres_since_last";
    case "speed-since-last":
      return "kilometres_per_hour_since_last";
    case "label-rate":
      return joined("label_rate", feature.where?.name, feature.window, `delay_${feature.delay}`);
  }
}

function beforeOf(feature: { readonly includesCurrent: boolean }): string | undefined {
  return feature.includesCurrent ? undefined : "before";
}

function joined(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join("_");
}
