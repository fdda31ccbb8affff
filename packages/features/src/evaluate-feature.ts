import type { BaseTransaction } from "@tollgate/contracts";
import { missingValue, type AggregateFeature, type FeatureDefinition } from "./definition.ts";
import type { EntityLayout } from "./entity-layout.ts";
import { headLastEventMs, headVersion, type EntityState } from "./entity-state.ts";
import { greatCircleKilometres } from "./great-circle.ts";
import { hashName } from "./hash.ts";
import { windowMs } from "./windows.ts";
import { windowTotal } from "./window-total.ts";

/** One compiled feature of an entity: its value for a transaction, given the state before it. */
export type EntityEvaluator<T extends BaseTransaction> = (
  transaction: T,
  state: EntityState | null,
) => number;

type EntityFeature<T extends BaseTransaction> = Exclude<FeatureDefinition<T>, { kind: "transaction" }>;

export function compileEntityFeature<T extends BaseTransaction>(
  feature: EntityFeature<T>,
  layout: EntityLayout<T>,
): EntityEvaluator<T> {
  switch (feature.kind) {
    case "aggregate":
      return aggregate(feature, layout);
    case "distinct":
      return distinct(feature, layout);
    case "first-seen":
      return firstSeen(feature, layout);
    case "time-since-last":
      return (transaction, state) => secondsSinceLast(transaction, state) ?? missingValue;
    case "distance-since-last":
    case "speed-since-last":
      return travel(feature, layout);
    case "ratio-to-normal":
      return ratioToNormal(feature, layout);
  }
}

function aggregate<T extends BaseTransaction>(
  feature: AggregateFeature<T>,
  layout: EntityLayout<T>,
): EntityEvaluator<T> {
  const { measure, filter, window } = feature;
  if (feature.aggregate !== "count" && measure === undefined) {
    throw new Error(`a ${feature.aggregate} over "${feature.entity}" needs a measure`);
  }
  const own = (transaction: T): number => (filter === undefined || filter.accepts(transaction) ? 1 : 0);
  const ownValue = (transaction: T): number => own(transaction) * (measure?.of(transaction) ?? 0);
  const noTotal = (): number => 0;
  const counted =
    feature.aggregate === "sum" ? noTotal : windowTotal(layout, { measure: undefined, filter }, window);
  const summed = feature.aggregate === "count" ? noTotal : windowTotal(layout, { measure, filter }, window);
  const count: EntityEvaluator<T> = (transaction, state) =>
    own(transaction) + (state === null ? 0 : counted(state, transaction.occurredAtMs));
  const sum: EntityEvaluator<T> = (transaction, state) =>
    ownValue(transaction) + (state === null ? 0 : summed(state, transaction.occurredAtMs));
  if (feature.aggregate === "count") return count;
  if (feature.aggregate === "sum") return sum;
  return (transaction, state) => {
    const transactions = count(transaction, state);
    return transactions === 0 ? missingValue : sum(transaction, state) / transactions;
  };
}

function distinct<T extends BaseTransaction>(
  feature: Extract<FeatureDefinition<T>, { kind: "distinct" }>,
  layout: EntityLayout<T>,
): EntityEvaluator<T> {
  const row = layout.categories.findIndex((category) => category.name === feature.category.name);
  const { recentTimesMs: timesAt, recentCategories } = layout.places;
  const namesAt = recentCategories[row] ?? 0;
  const lengthMs = windowMs[feature.window];
  const seen: number[] = [];
  return (transaction, state) => {
    seen.length = 0;
    const own = hashName(feature.category.of(transaction));
    if (own !== 0) seen.push(own);
    const held = Math.min(state?.float64[headVersion] ?? 0, layout.entity.recentCapacity);
    for (let slot = 0; slot < held; slot += 1) {
      const atMs = state?.float64[timesAt + slot] ?? 0;
      if (atMs <= transaction.occurredAtMs - lengthMs || atMs > transaction.occurredAtMs) continue;
      const name = state?.uint32[namesAt + slot] ?? 0;
      if (name !== 0 && !seen.includes(name)) seen.push(name);
    }
    return seen.length;
  };
}

function firstSeen<T extends BaseTransaction>(
  feature: Extract<FeatureDefinition<T>, { kind: "first-seen" }>,
  layout: EntityLayout<T>,
): EntityEvaluator<T> {
  const row = layout.categories.findIndex((category) => category.name === feature.category.name);
  const namesAt = layout.places.recentCategories[row] ?? 0;
  return (transaction, state) => {
    const own = hashName(feature.category.of(transaction));
    const held = Math.min(state?.float64[headVersion] ?? 0, layout.entity.recentCapacity);
    if (state === null || held === 0 || own === 0) return missingValue;
    for (let slot = 0; slot < held; slot += 1) if (state.uint32[namesAt + slot] === own) return 0;
    return 1;
  };
}

/** Never negative: an event that comes late counts as simultaneous with the newest one. */
function secondsSinceLast(transaction: BaseTransaction, state: EntityState | null): number | undefined {
  if (state === null || (state.float64[headVersion] ?? 0) === 0) return undefined;
  return Math.max(0, transaction.occurredAtMs - (state.float64[headLastEventMs] ?? 0)) / 1000;
}

/** Two swipes in the same second a street apart are no flight: shorter gaps count as this long. */
const shortestTravelSeconds = 60;

function travel<T extends BaseTransaction>(
  feature: Extract<FeatureDefinition<T>, { kind: "distance-since-last" | "speed-since-last" }>,
  layout: EntityLayout<T>,
): EntityEvaluator<T> {
  const capacity = layout.entity.recentCapacity;
  const { recentPlaces: placesAt, recentTimesMs: timesAt } = layout.places;
  return (transaction, state) => {
    const place = feature.place(transaction);
    if (state === null || place === undefined) return missingValue;
    const slot = latestPlacedSlot(layout, state);
    if (slot < 0) return missingValue;
    const kilometres = greatCircleKilometres(place, {
      latitude: state.float32[placesAt + slot] ?? 0,
      longitude: state.float32[placesAt + capacity + slot] ?? 0,
    });
    if (feature.kind === "distance-since-last") return kilometres;
    const seconds = Math.abs(transaction.occurredAtMs - (state.float64[timesAt + slot] ?? 0)) / 1000;
    return (kilometres * 3600) / Math.max(seconds, shortestTravelSeconds);
  };
}

function latestPlacedSlot<T extends BaseTransaction>(layout: EntityLayout<T>, state: EntityState): number {
  const { recentPlaces: placesAt, recentTimesMs: timesAt } = layout.places;
  const held = Math.min(state.float64[headVersion] ?? 0, layout.entity.recentCapacity);
  let latest = -1;
  let latestMs = -Infinity;
  for (let slot = 0; slot < held; slot += 1) {
    const atMs = state.float64[timesAt + slot] ?? 0;
    if (atMs >= latestMs && !Number.isNaN(state.float32[placesAt + slot] ?? Number.NaN)) {
      latest = slot;
      latestMs = atMs;
    }
  }
  return latest;
}

/** Fewer transactions than this are no habit to compare with. */
const fewestForNormal = 3;

function ratioToNormal<T extends BaseTransaction>(
  feature: Extract<FeatureDefinition<T>, { kind: "ratio-to-normal" }>,
  layout: EntityLayout<T>,
): EntityEvaluator<T> {
  const count = windowTotal(layout, { measure: undefined, filter: undefined }, "30d");
  const sum = windowTotal(layout, { measure: feature.measure, filter: undefined }, "30d");
  return (transaction, state) => {
    if (state === null) return missingValue;
    const before = count(state, transaction.occurredAtMs);
    const total = sum(state, transaction.occurredAtMs);
    if (before < fewestForNormal || total <= 0) return missingValue;
    return (feature.measure.of(transaction) * before) / total;
  };
}
