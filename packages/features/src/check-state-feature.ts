import type { BaseTransaction } from "@tollgate/contracts";
import type { CheckOptions } from "./check-definition.ts";
import type { FeatureSetDefinition, StateFeature } from "./definition.ts";
import { categoryOf } from "./entity-layout.ts";
import { filtersOf } from "./feature-filters.ts";
import { featureLimits } from "./limits.ts";
import { spanMs } from "./span.ts";
import { tileSlots, tileWidthMs } from "./tile-width.ts";

interface Context<T extends BaseTransaction> {
  readonly definition: FeatureSetDefinition<T>;
  readonly options: CheckOptions;
  readonly say: (reason: string) => void;
}

const dayMs = 86_400_000;

/** Says everything that is wrong with a feature that reads an entity's state. */
export function checkStateFeature<T extends BaseTransaction>(
  feature: StateFeature<T>,
  context: Context<T>,
): void {
  const { definition, say } = context;
  const { entity } = feature;
  if (!definition.entities.includes(entity)) {
    const known = definition.entities.map(({ name }) => name).join(", ");
    say(`it is about "${entity.name}", which is not among the set's entities (${known})`);
  }
  if (feature.kind === "label-rate" && entity.consistency !== "streamed") {
    say(`labels reach streamed entities only, and "${entity.name}" is ${entity.consistency}`);
  }
  const needsRing =
    "place" in feature || feature.kind === "first-seen" || feature.kind === "top-category-share";
  if (needsRing && entity.recentCapacity === 0) {
    say(`it needs the recent transactions of "${entity.name}", whose recentCapacity is 0`);
  }
  if (feature.kind === "rate" && feature.among === feature.where) {
    say(`all of "${feature.where.name}" are among themselves: \`among\` must be another filter`);
  }
  checkSpans(feature, say);
  checkFields(feature, context);
  checkMeanings(feature, context);
}

function checkSpans<T extends BaseTransaction>(
  feature: StateFeature<T>,
  say: (reason: string) => void,
): void {
  if (!("window" in feature)) return;
  const { entity } = feature;
  const delay = "delay" in feature ? feature.delay : undefined;
  const windowMs = checkSpan("window", feature.window, say);
  const delayMs = delay === undefined ? 0 : checkSpan("delay", delay, say);
  if (windowMs === undefined || delayMs === undefined) return;
  if (windowMs + delayMs > entity.retentionDays * dayMs) {
    const days = (windowMs + delayMs) / dayMs;
    say(`it looks back ${days} days, and "${entity.name}" is kept for ${entity.retentionDays} only`);
  }
  const span = { windowMs, delayMs };
  const slots = tileSlots(span, tileWidthMs(span, entity.tilesPerWindow));
  if (slots > featureLimits.maxTiles) {
    const spans = `window ${feature.window} and delay ${delay ?? "0"}`;
    say(`${spans} need ${slots} tiles, more than ${featureLimits.maxTiles}: choose a rounder delay`);
  }
  if (delay !== undefined && "includesCurrent" in feature && feature.includesCurrent) {
    say("a delayed window ended before this transaction, which it therefore cannot include");
  }
}

function checkSpan(what: string, span: string, say: (reason: string) => void): number | undefined {
  const lengthMs = spanMs(span);
  if (lengthMs === undefined) {
    say(`the ${what} "${span}" is no span: write a whole number of minutes, hours or days, as 15m, 24h, 7d`);
  } else if (lengthMs <= 0) {
    say(`the ${what} "${span}" must be above 0`);
  } else if (lengthMs > featureLimits.maxWindowMs) {
    say(`the ${what} "${span}" must be at most ${featureLimits.maxWindowMs / dayMs}d`);
  } else {
    return lengthMs;
  }
  return undefined;
}

function checkFields<T extends BaseTransaction>(
  feature: StateFeature<T>,
  { options, say }: Context<T>,
): void {
  const { fields } = options;
  if (fields === undefined) return;
  const used: string[] = [];
  if ("category" in feature && typeof feature.category === "string") used.push(feature.category);
  if ("place" in feature) used.push(feature.place.latitude, feature.place.longitude);
  for (const field of used) {
    if (!fields.includes(field)) {
      say(`a transaction has no field "${field}"; it has ${fields.join(", ")}`);
    }
  }
}

interface Named {
  readonly name: string;
}

/** One name must mean one thing within an entity: the state holds it once. */
function checkMeanings<T extends BaseTransaction>(feature: StateFeature<T>, context: Context<T>): void {
  const { definition, say } = context;
  const own = definition.features.filter(
    (other): other is StateFeature<T> => "entity" in other && other.entity === feature.entity,
  );
  const earlier = own.slice(0, own.indexOf(feature));
  const measure = measureOf(feature);
  if (measure !== undefined) {
    if (!(measure.step > 0)) say(`the step ${measure.step} of "${measure.name}" must be above 0`);
    const other = earlier.map(measureOf).find((candidate) => candidate?.name === measure.name);
    if (other !== undefined && other.unit !== measure.unit) {
      say(`"${measure.name}" is in ${measure.unit} here and in ${other.unit} at another feature`);
    } else if (other !== undefined && other !== measure) {
      say(`two different measures have the name "${measure.name}"`);
    }
  }
  const clash = clashOf(filtersOf(feature), earlier.flatMap(filtersOf));
  if (clash !== undefined) say(`two different filters have the name "${clash.name}"`);
  checkCategory(feature, earlier, say);
  if ("place" in feature) {
    const other = earlier.find((candidate) => "place" in candidate && candidate.place !== feature.place);
    if (other !== undefined) say(`"${feature.entity.name}" remembers one kind of place, and another is used`);
  }
  const before = new Set<Named>(earlier.flatMap(filtersOf));
  const after = new Set<Named>([...before, ...filtersOf(feature)]);
  if (before.size <= featureLimits.maxFilters && after.size > featureLimits.maxFilters) {
    say(`"${feature.entity.name}" has more than ${featureLimits.maxFilters} filters`);
  }
}

function checkCategory<T extends BaseTransaction>(
  feature: StateFeature<T>,
  earlier: readonly StateFeature<T>[],
  say: (reason: string) => void,
): void {
  if (!("category" in feature)) return;
  const { category } = feature;
  const { name } = categoryOf(category);
  const other = earlier.find(
    (candidate) =>
      "category" in candidate &&
      candidate.category !== category &&
      categoryOf(candidate.category).name === name,
  );
  if (other !== undefined) say(`two different fields are remembered as "${name}"`);
}

function measureOf<T extends BaseTransaction>(
  feature: StateFeature<T>,
): NonNullable<Extract<StateFeature<T>, { kind: "aggregate" }>["measure"]> | undefined {
  return "measure" in feature ? feature.measure : undefined;
}

function clashOf(own: readonly Named[], others: readonly Named[]): Named | undefined {
  const all = [...own, ...others];
  return own.find((filter) => all.some((other) => other !== filter && other.name === filter.name));
}
