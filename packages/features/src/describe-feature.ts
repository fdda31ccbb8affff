import type { BaseTransaction } from "@tollgate/contracts";
import type { FeatureDefinition, StateFeature } from "./definition.ts";
import { categoryName, featureName } from "./feature-name.ts";

/** What a feature means in a sentence: its own words, or generated from the definition. */
export function describeFeature<T extends BaseTransaction>(feature: FeatureDefinition<T>): string {
  if (feature.description !== undefined) return feature.description;
  if (feature.kind === "transaction") return `${words(feature.name)} of the transaction.`;
  if (feature.kind !== "derived") return sentence(describeOwn(feature));
  const [first = "", second = ""] = feature.inputs.map((input) =>
    typeof input === "string" ? input : featureName(input),
  );
  return feature.operation === "ratio" ? `${first} divided by ${second}.` : `${first} minus ${second}.`;
}

function describeOwn<T extends BaseTransaction>(feature: StateFeature<T>): string {
  const entity = feature.entity.name;
  const latest = `the ${entity}'s ${feature.entity.recentCapacity} latest transactions`;
  switch (feature.kind) {
    case "aggregate": {
      const which = feature.where === undefined ? "" : ` (only ${words(feature.where.name)})`;
      const what =
        feature.measure === undefined
          ? `number of the ${entity}'s transactions${which}`
          : `${words(feature.aggregate)} of the ${words(feature.measure.name)} of the ${entity}${which}`;
      if (feature.delay !== undefined) {
        return `${what} in the ${feature.window} that ended ${feature.delay} before.`;
      }
      return `${what} in the last ${feature.window}, this one ${included(feature)}.`;
    }
    case "rate":
      return (
        `share of ${words(feature.where.name)} among the ${entity}'s transactions in the last ` +
        `${feature.window}, this one ${included(feature)}.`
      );
    case "ratio-to-normal":
      return (
        `this ${words(feature.measure.name)} divided by the ${entity}'s mean in the ${feature.window} ` +
        "before, from three transactions on."
      );
    case "z-score":
      return (
        `standard deviations of this ${words(feature.measure.name)} from the ${entity}'s mean in the ` +
        `${feature.window} before, from three transactions on.`
      );
    case "distinct": {
      const among = feature.entity.recentCapacity > 0 ? `, among ${latest}` : ", estimated";
      const what = words(categoryName(feature.category));
      const when = `in the last ${feature.window}, this one ${included(feature)}`;
      return `different values of ${what} of the ${entity} ${when}${among}.`;
    }
    case "top-category-share": {
      const what = words(categoryName(feature.category));
      const when = `in the last ${feature.window}, this one ${included(feature)}`;
      return `share of the most frequent ${what} ${when}, among ${latest}.`;
    }
    case "first-seen":
      return `1 when the ${words(categoryName(feature.category))} is in none of ${latest}.`;
    case "seconds-since-last":
      return `time since the ${entity}'s last transaction.`;
    case "seconds-since-first":
      return `time since the first transaction that is known of the ${entity}.`;
    case "distance-since-last":
      return `distance from the place (${words(feature.place.name)}) of the latest among ${latest}.`;
    case "speed-since-last":
      return `speed from the place (${words(feature.place.name)}) of the latest among ${latest}.`;
    case "label-rate":
      return (
        `share of fraud among the ${entity}'s transactions in the ${feature.window} that ended ` +
        `${feature.delay} before, as far as labels had arrived.`
      );
  }
}

function included(feature: { readonly includesCurrent: boolean }): string {
  return feature.includesCurrent ? "included" : "left out";
}

function words(name: string): string {
  return name.replaceAll(/[_-]/gu, " ");
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
