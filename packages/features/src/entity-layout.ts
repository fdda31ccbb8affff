import type { BaseTransaction } from "@tollgate/contracts";
import type { Category, EntityDefinition, FeatureDefinition, Filter, Measure, Place } from "./definition.ts";
import { hashName } from "./hash.ts";
import { tileFamilies, tileFamilyOf, type TileFamily } from "./windows.ts";

/** What a tile adds up: how many transactions, or the sum of a measure, of those a filter accepts. */
export interface TileColumn<T extends BaseTransaction> {
  readonly measure: Measure<T> | undefined;
  readonly filter: Filter<T> | undefined;
}

/** Where each part of a state begins: an index into its float64 view for times, else into a 32-bit view. */
export interface LayoutPlaces {
  readonly recentTimesMs: number;
  readonly recentMeasures: readonly number[];
  readonly recentCategories: readonly number[];
  readonly recentFilters: number;
  readonly recentPlaces: number;
  readonly tiles: readonly { readonly index: number; readonly columns: readonly number[] }[];
}

/** Everything that the features of one entity need to be remembered, and where it lies in the state. */
export interface EntityLayout<T extends BaseTransaction> {
  readonly entity: EntityDefinition<T>;
  readonly measures: readonly Measure<T>[];
  readonly filters: readonly Filter<T>[];
  readonly categories: readonly Category<T>[];
  readonly place: Place<T> | undefined;
  readonly families: readonly TileFamily[];
  readonly columns: readonly TileColumn<T>[];
  readonly places: LayoutPlaces;
  /** Size of a state, in bytes. */
  readonly byteLength: number;
  /** Changes when the meaning of a byte changes: a state of another layout is never read. */
  readonly hash: number;
}

/** version, last event, first event, latest event time that left the ring. */
export const headFields = 4;

/** A filter is one bit of a 32-bit word in the ring. */
const maxFilters = 32;

/** Derives what an entity must remember from the features that ask for it. */
export function layoutOf<T extends BaseTransaction>(
  entity: EntityDefinition<T>,
  features: readonly FeatureDefinition<T>[],
): EntityLayout<T> {
  const own = features.filter((feature) => feature.kind !== "transaction" && feature.entity === entity.name);
  const aggregates = own.filter((feature) => feature.kind === "aggregate");
  const ratios = own.filter((feature) => feature.kind === "ratio-to-normal");
  const ringOnly = own.filter((feature) => feature.kind === "distinct" || feature.kind === "first-seen");
  const places = own.flatMap((feature) => ("place" in feature ? [feature.place] : []));
  if (entity.recentCapacity === 0 && ringOnly.length + places.length > 0) {
    throw new Error(
      `the entity "${entity.name}" has recentCapacity 0, but a feature asks for its recent transactions`,
    );
  }
  const measures = uniqueByName([
    ...aggregates.flatMap((feature) => (feature.measure === undefined ? [] : [feature.measure])),
    ...ratios.map((feature) => feature.measure),
  ]);
  const filters = uniqueByName(
    aggregates.flatMap((feature) => (feature.filter === undefined ? [] : [feature.filter])),
  );
  if (filters.length > maxFilters) throw new Error(`"${entity.name}" has more than ${maxFilters} filters`);
  const families = new Set<TileFamily>(aggregates.map((feature) => tileFamilyOf(feature.window)));
  if (ratios.length > 0) families.add(tileFamilyOf("30d"));
  const columns = columnsOf(
    aggregates,
    ratios.map((feature) => feature.measure),
  );
  const shape = {
    entity,
    measures,
    filters,
    categories: uniqueByName(ringOnly.map((feature) => feature.category)),
    place: places[0],
    families: tileFamilies.filter((family) => families.has(family)),
    columns,
  };
  return { ...shape, ...placesOf(shape), hash: hashOf(shape) };
}

type Shape<T extends BaseTransaction> = Omit<EntityLayout<T>, "byteLength" | "hash" | "places">;

function columnsOf<T extends BaseTransaction>(
  aggregates: readonly { measure?: Measure<T>; filter?: Filter<T>; aggregate: string }[],
  normals: readonly Measure<T>[],
): readonly TileColumn<T>[] {
  const columns = new Map<string, TileColumn<T>>();
  const add = (measure: Measure<T> | undefined, filter: Filter<T> | undefined): void => {
    columns.set(columnName({ measure, filter }), { measure, filter });
  };
  for (const feature of aggregates) {
    if (feature.aggregate !== "sum") add(undefined, feature.filter);
    if (feature.aggregate !== "count") add(feature.measure, feature.filter);
  }
  for (const measure of normals) {
    add(undefined, undefined);
    add(measure, undefined);
  }
  return [...columns.values()];
}

export function columnName<T extends BaseTransaction>(column: TileColumn<T>): string {
  return `${column.measure?.name ?? "count"}/${column.filter?.name ?? "all"}`;
}

/** Lays the parts out one after the other, the 8-byte ones first so that everything is aligned. */
function placesOf<T extends BaseTransaction>(
  shape: Shape<T>,
): Pick<EntityLayout<T>, "places" | "byteLength"> {
  const capacity = shape.entity.recentCapacity;
  let nextWord = (headFields + capacity) * 2;
  const take = (words: number): number => {
    const start = nextWord;
    nextWord += words;
    return start;
  };
  const places = {
    recentTimesMs: headFields,
    recentMeasures: shape.measures.map(() => take(capacity)),
    recentCategories: shape.categories.map(() => take(capacity)),
    recentFilters: take(shape.filters.length > 0 ? capacity : 0),
    recentPlaces: take(shape.place === undefined ? 0 : capacity * 2),
    tiles: shape.families.map((family) => ({
      index: take(family.slots),
      columns: shape.columns.map(() => take(family.slots)),
    })),
  };
  return { places, byteLength: nextWord * 4 };
}

function hashOf<T extends BaseTransaction>(shape: Shape<T>): number {
  const description = {
    format: 1,
    entity: [shape.entity.name, shape.entity.version, shape.entity.recentCapacity],
    measures: shape.measures.map((measure) => [measure.name, measure.unit]),
    filters: shape.filters.map((filter) => filter.name),
    categories: shape.categories.map((category) => category.name),
    place: shape.place !== undefined,
    families: shape.families.map((family) => [family.name, family.widthMs, family.slots]),
    columns: shape.columns.map(columnName),
  };
  return hashName(JSON.stringify(description));
}

function uniqueByName<N extends { readonly name: string }>(named: readonly N[]): readonly N[] {
  return [...new Map(named.map((item) => [item.name, item])).values()];
}
