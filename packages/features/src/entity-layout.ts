import type { BaseTransaction } from "@tollgate/contracts";
import type {
  Category,
  CategoryField,
  EntityDefinition,
  Filter,
  Measure,
  Place,
  StateFeature,
} from "./definition.ts";
import { headFields } from "./entity-state.ts";
import { filtersOf } from "./feature-filters.ts";
import { categoryName } from "./feature-name.ts";
import { hashName } from "./hash.ts";
import { momentKey, momentsOf, type Moment } from "./moments.ts";
import { checkedSpanMs } from "./span.ts";
import { bitmapWords, tileFamiliesOf, type BitmapWindow, type TileFamily } from "./tile-families.ts";
import { totalKey, totalsOf, type Total } from "./totals.ts";

/** The latest transactions: their times in the float64 view, one record each in the int32 view. */
export interface RingPlaces {
  readonly capacity: number;
  readonly times: number;
  readonly records: number;
  readonly recordWords: number;
  /** Words within a record; word 0 is the hash of the transaction's id. */
  readonly filterWord: number;
  readonly measureWord: number;
  readonly categoryWord: number;
  readonly placeWord: number;
}

/** The latest labelled transactions: in the float64 view the latest time left out, then their times. */
export interface LabelRingPlaces {
  readonly capacity: number;
  readonly latestEvicted: number;
  readonly times: number;
  /** In the int32 view how many there are, then of each the hash of the id and its frauds (1, 0 or −1). */
  readonly length: number;
  readonly records: number;
  /** With a filtered label rate a third word for the filters that accepted the transaction. */
  readonly recordWords: number;
}

/** Where a column of a family begins: in the float64 view, the int32 view, or both. */
export interface ColumnPlaces {
  readonly wide: number;
  readonly narrow: number;
}

/** Everything that the features of one entity need to be remembered, and where it lies in the state. */
export interface EntityLayout<T extends BaseTransaction> {
  readonly entity: EntityDefinition<T>;
  readonly measures: readonly Measure<T>[];
  readonly filters: readonly Filter<T>[];
  readonly categories: readonly Category<T>[];
  /** Windows over which categories are counted in the ring. */
  readonly categoryWindowsMs: readonly number[];
  readonly place: Place<T> | undefined;
  readonly totals: readonly Total<T>[];
  readonly families: readonly TileFamily<T>[];
  readonly ring: RingPlaces;
  readonly labelRing: LabelRingPlaces;
  readonly moments: readonly Moment<T>[];
  /** In the float64 view the first of them. */
  readonly momentsAt: number;
  /** For each family, for each of its columns. */
  readonly columnPlaces: readonly (readonly ColumnPlaces[])[];
  readonly usesLabels: boolean;
  /** Whether a feature counts the labels of some transactions only. */
  readonly filtersLabels: boolean;
  /** Size of a state, in bytes. */
  readonly byteLength: number;
  /** Changes when the meaning of a byte changes: a state of another layout is never read. */
  readonly hash: number;
}

type Shape<T extends BaseTransaction> = Pick<
  EntityLayout<T>,
  | "entity"
  | "measures"
  | "filters"
  | "categories"
  | "categoryWindowsMs"
  | "place"
  | "totals"
  | "families"
  | "moments"
  | "usesLabels"
  | "filtersLabels"
>;

/** Derives what an entity must remember from its own features. */
export function layoutOf<T extends BaseTransaction>(
  entity: EntityDefinition<T>,
  features: readonly StateFeature<T>[],
): EntityLayout<T> {
  const all = features.flatMap((feature) => totalsOf(feature));
  const totals = [...new Map(all.map((total) => [totalKey(total), total])).values()];
  const places = features.flatMap((feature) => ("place" in feature ? [feature.place] : []));
  const filters = [
    ...totals.flatMap((total) => total.filters),
    ...places.flatMap(({ where }) => (where === undefined ? [] : [where])),
    ...features.flatMap((feature) => filtersOf(feature)),
  ];
  const shape = {
    entity,
    measures: uniqueByName(totals.flatMap(({ measure }) => (measure === undefined ? [] : [measure]))),
    filters: uniqueByName(filters),
    categories: uniqueByName(
      features.flatMap((feature) => ("category" in feature ? [categoryOf(feature.category)] : [])),
    ),
    categoryWindowsMs: features.flatMap((feature) =>
      "category" in feature && "window" in feature ? [checkedSpanMs(feature.window)] : [],
    ),
    place: places[0],
    totals,
    families: tileFamiliesOf(entity, totals, entity.recentCapacity > 0 ? [] : bitmapWindowsOf(features)),
    moments: momentsOf(features),
    usesLabels: totals.some(({ statistic }) => statistic === "frauds"),
    filtersLabels: totals.some((total) => total.statistic === "frauds" && total.filters.length > 0),
  };
  return { ...shape, ...placesOf(shape), hash: hashOf(shape) };
}

/** A field by its name, as a category like any other. */
export function categoryOf<T extends BaseTransaction>(field: CategoryField<T>): Category<T> {
  if (typeof field !== "string") return field;
  const of = (transaction: T): string | undefined => {
    const value = transaction[field];
    return value === undefined || value === null ? undefined : String(value);
  };
  return { name: categoryName(field), of };
}

function bitmapWindowsOf<T extends BaseTransaction>(
  features: readonly StateFeature<T>[],
): readonly BitmapWindow<T>[] {
  return features.flatMap((feature) =>
    feature.kind === "distinct"
      ? [
          {
            category: categoryOf(feature.category),
            where: feature.where,
            windowMs: checkedSpanMs(feature.window),
          },
        ]
      : [],
  );
}

/** Lays the parts out one after the other, the 8-byte ones first so that everything is aligned. */
function placesOf<T extends BaseTransaction>(
  shape: Shape<T>,
): Pick<EntityLayout<T>, "ring" | "labelRing" | "momentsAt" | "columnPlaces" | "byteLength"> {
  const { families } = shape;
  const labels = recentLabelsOf(shape);
  const capacity = shape.entity.recentCapacity;
  let nextWide = headFields + capacity;
  const wide = families.map(({ slots, columns }) =>
    columns.map(({ statistic }) => {
      if (statistic !== "sum" && statistic !== "squares") return -1;
      nextWide += slots;
      return nextWide - slots;
    }),
  );
  const latestEvicted = nextWide;
  if (labels > 0) nextWide += 1 + labels;
  const momentsAt = nextWide;
  nextWide += shape.moments.length;
  const records = nextWide * 2;
  const ring = ringOf(shape, records);
  let nextNarrow = records + capacity * ring.recordWords;
  const narrow = families.map(({ slots, columns }) =>
    columns.map(({ statistic }) => {
      if (statistic === "sum") return -1;
      const words = statistic === "bitmap" ? slots * bitmapWords : slots;
      nextNarrow += words;
      return nextNarrow - words;
    }),
  );
  const length = nextNarrow;
  const recordWords = shape.filtersLabels ? 3 : 2;
  if (labels > 0) nextNarrow += 1 + labels * recordWords;
  const labelRing = {
    capacity: labels,
    latestEvicted,
    times: latestEvicted + 1,
    length,
    records: length + 1,
    recordWords,
  };
  const columnPlaces = families.map((family, number) =>
    family.columns.map((_column, row) => ({
      wide: wide[number]?.[row] ?? -1,
      narrow: narrow[number]?.[row] ?? -1,
    })),
  );
  return { ring, labelRing, momentsAt, columnPlaces, byteLength: Math.ceil(nextNarrow / 2) * 8 };
}

function recentLabelsOf<T extends BaseTransaction>({ entity, usesLabels }: Shape<T>): number {
  return usesLabels ? (entity.recentLabels ?? 0) : 0;
}

function ringOf<T extends BaseTransaction>(shape: Shape<T>, records: number): RingPlaces {
  const filterWord = 1;
  const measureWord = filterWord + (shape.filters.length > 0 ? 1 : 0);
  const categoryWord = measureWord + shape.measures.length;
  const placeWord = categoryWord + shape.categories.length;
  const recordWords = placeWord + (shape.place === undefined ? 0 : 2);
  const capacity = shape.entity.recentCapacity;
  return {
    capacity,
    times: headFields,
    records,
    recordWords,
    filterWord,
    measureWord,
    categoryWord,
    placeWord,
  };
}

function hashOf<T extends BaseTransaction>(shape: Shape<T>): number {
  const { entity, measures, filters, categories, place, families, moments } = shape;
  const description = {
    format: 3,
    entity: [entity.name, entity.version, entity.recentCapacity, recentLabelsOf(shape)],
    measures: measures.map(({ name, unit, step, revision }) => [name, unit, step, revision ?? 0]),
    filters: filters.map(({ name, revision }) => [name, revision ?? 0]),
    categories: categories.map(({ name, revision }) => [name, revision ?? 0]),
    place: place === undefined ? null : [place.name, place.latitude, place.longitude, place.revision ?? 0],
    families: families.map(({ widthMs, slots, columns }) => [widthMs, slots, columns.map(({ key }) => key)]),
    // Left out where there are none: layouts from before there were any keep their hash.
    ...(moments.length > 0 ? { moments: moments.map(momentKey) } : {}),
  };
  return hashName(JSON.stringify(description));
}

function uniqueByName<N extends { readonly name: string }>(named: readonly N[]): readonly N[] {
  return [...new Map(named.map((item) => [item.name, item])).values()];
}
