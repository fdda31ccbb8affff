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
      const which = only(feature.where);
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
        `share of ${words(feature.where.name)} among the ${entity}'s transactions${only(feature.among)} ` +
        `in the last ${feature.window}, this one ${included(feature)}.`
      );
    case "ratio-to-normal":
    case "z-score": {
      const { measure, where } = feature;
      const anyOne = where === undefined ? "" : ` (${words(where.name)} or not)`;
      const own = `this ${words(measure.name)}${anyOne}`;
      const normal = `the ${entity}'s mean${only(where)} in the ${feature.window} before`;
      return feature.kind === "ratio-to-normal"
        ? `${own} divided by ${normal}, from three transactions on.`
        : `standard deviations of ${own} from ${normal}, from three transactions on.`;
    }
    case "distinct": {
      const among = feature.entity.recentCapacity > 0 ? `, among ${latest}` : ", estimated";
      const what = words(categoryName(feature.category));
      const when = `in the last ${feature.window}, this one ${included(feature)}`;
      return `different values of ${what} of the ${entity}${only(feature.where)} ${when}${among}.`;
    }
    case "top-category-share": {
      const what = words(categoryName(feature.category));
      const when = `in the last ${feature.window}, this one ${included(feature)}`;
      return `share of the most frequent ${what}${only(feature.where)} ${when}, among ${latest}.`;
    }
    case "first-seen": {
      const what = words(categoryName(feature.category));
      return `1 when the ${what} is in none of ${latest}${only(feature.where)}.`;
    }
    case "seconds-since-last":
      return `time since the ${entity}'s last transaction${only(feature.where)}.`;
    case "seconds-since-first":
      return `time since the first transaction that is known of the ${entity}${only(feature.where)}.`;
    case "distance-since-last":
    case "speed-since-last": {
      const what = feature.kind === "distance-since-last" ? "distance" : "speed";
      const { name, where } = feature.place;
      return `${what} from the place (${words(name)}) of the latest${only(where)} among ${latest}.`;
    }
    case "label-rate":
      return (
        `share of fraud among the ${entity}'s transactions${only(feature.where)} in the ${feature.window} ` +
        `that ended ${feature.delay} before, as far as labels had arrived.`
      );
  }
}

function only(where: { readonly name: string } | undefined): string {
  return where === undefined ? "" : ` (only ${words(where.name)})`;
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
