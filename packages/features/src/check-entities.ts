import type { BaseTransaction } from "@tollgate/contracts";
import type { EntityDefinition, FeatureSetDefinition } from "./definition.ts";
import type { DefinitionFault } from "./feature-definition-error.ts";
import { featureLimits } from "./limits.ts";

/**
 * What is wrong with the entities themselves, before any feature is looked at. An entity is a plain object
 * that knows no line: its place is that of the first feature that uses it.
 */
export function checkEntities<T extends BaseTransaction>(
  definition: FeatureSetDefinition<T>,
): readonly DefinitionFault[] {
  const names = definition.entities.map(({ name }) => name);
  return definition.entities.flatMap((entity, position) => {
    const twice = names.indexOf(entity.name) !== position ? ["the name is taken by another entity"] : [];
    const user = definition.features.find((feature) => "entity" in feature && feature.entity === entity);
    const { name } = entity;
    const named = `entity "${name}"`;
    const place =
      user === undefined ? { definedAt: named, name } : { definedAt: user.definedAt, name: named };
    const reasons = [...twice, ...reasonsOf(entity)];
    return reasons.map((reason) => ({ ...place, reason }));
  });
}

function reasonsOf<T extends BaseTransaction>(entity: EntityDefinition<T>): readonly string[] {
  const { minTilesPerWindow, maxTilesPerWindow, maxRecentCapacity } = featureLimits;
  const { name, version, retentionDays, recentCapacity } = entity;
  const { recentLabels = 0, tilesPerWindow = minTilesPerWindow } = entity;
  const reasons: string[] = [];
  if (!/^[a-z][a-z0-9_]*$/u.test(name)) reasons.push("its name must be small letters, digits, underscores");
  if (!Number.isInteger(version) || version < 1) reasons.push(`version ${version} must be 1, 2, 3…`);
  if (!(retentionDays > 0)) reasons.push(`retentionDays ${retentionDays} must be above 0`);
  if (!isWithin(recentCapacity, 0, maxRecentCapacity)) {
    reasons.push(`recentCapacity ${recentCapacity} must be a whole number from 0 to ${maxRecentCapacity}`);
  }
  if (!isWithin(recentLabels, 0, maxRecentCapacity)) {
    reasons.push(`recentLabels ${recentLabels} must be a whole number from 0 to ${maxRecentCapacity}`);
  } else if (recentLabels > 0 && recentCapacity === 0) {
    reasons.push(`recentLabels ${recentLabels} are of no use without a recentCapacity to compare with`);
  }
  if (!isWithin(tilesPerWindow, minTilesPerWindow, maxTilesPerWindow)) {
    const bounds = `${minTilesPerWindow} to ${maxTilesPerWindow}`;
    reasons.push(`tilesPerWindow ${tilesPerWindow} must be a whole number from ${bounds}`);
  }
  return reasons;
}

function isWithin(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}
