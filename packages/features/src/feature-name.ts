import type { BaseTransaction } from "@tollgate/contracts";
import type { EntityDefinition, FeatureDefinition } from "./definition.ts";

/** `view@v2:feature`, Feast's grammar: `card@v1:count_1h`, `transaction:amount`. */
export function featureName<T extends BaseTransaction>(
  feature: FeatureDefinition<T>,
  entities: readonly EntityDefinition<T>[],
): string {
  if (feature.kind === "transaction") return `transaction:${feature.name}`;
  const entity = entities.find((candidate) => candidate.name === feature.entity);
  if (entity === undefined) {
    const known = entities.map((candidate) => candidate.name).join(", ");
    throw new Error(`a ${feature.kind} feature names the entity "${feature.entity}"; known are: ${known}`);
  }
  return `${entity.name}@v${entity.version}:${localName(feature)}`;
}

function localName<T extends BaseTransaction>(
  feature: Exclude<FeatureDefinition<T>, { kind: "transaction" }>,
): string {
  switch (feature.kind) {
    case "aggregate": {
      const parts = [feature.aggregate, feature.measure?.name, feature.filter?.name, feature.window];
      return parts.filter((part) => part !== undefined).join("_");
    }
    case "distinct":
      return `distinct_${feature.category.name}_${feature.window}`;
    case "first-seen":
      return `first_seen_${feature.category.name}`;
    case "time-since-last":
      return "seconds_since_last";
    case "distance-since-last":
      return "kilometres_since_last";
    case "speed-since-last":
      return "kilometres_per_hour_since_last";
    case "ratio-to-normal":
      return `${feature.measure.name}_to_normal`;
  }
}
