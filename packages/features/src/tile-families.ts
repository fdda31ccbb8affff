import type { BaseTransaction } from "@tollgate/contracts";
import type { Category, EntityDefinition, Filter } from "./definition.ts";
import { featureLimits } from "./limits.ts";
import { tileSlots, tileWidthMs } from "./tile-width.ts";
import { columnKey, type Statistic, type Total } from "./totals.ts";

/** What a tile adds up: a statistic, or the bitmap of a category's values. */
export interface TileColumn<T extends BaseTransaction> {
  readonly key: string;
  readonly statistic: Statistic | "bitmap";
  readonly measure: Total<T>["measure"];
  readonly filters: Total<T>["filters"];
  readonly category: Category<T> | undefined;
}

/** Equal tiles that windows share, and only the columns that those windows need. */
export interface TileFamily<T extends BaseTransaction> {
  readonly widthMs: number;
  /** Slots of the newest tiles; slot = number of the tile modulo slots. */
  readonly slots: number;
  readonly columns: readonly TileColumn<T>[];
}

/** A category that is estimated from bitmaps in tiles, because its entity has no ring. */
export interface BitmapWindow<T extends BaseTransaction> {
  readonly category: Category<T>;
  readonly where: Filter<T> | undefined;
  readonly windowMs: number;
}

/** 32-bit words of one tile's bitmap. */
export const bitmapWords: number = featureLimits.bitmapBits / 32;

/** The families of an entity, narrowest tiles first: windows of one tile width share one. */
export function tileFamiliesOf<T extends BaseTransaction>(
  entity: EntityDefinition<T>,
  totals: readonly Total<T>[],
  bitmaps: readonly BitmapWindow<T>[],
): readonly TileFamily<T>[] {
  const families = new Map<number, { slots: number; columns: Map<string, TileColumn<T>> }>();
  const need = (
    span: { windowMs: number; delayMs: number },
    column: TileColumn<T>,
    tilesPerWindow?: number,
  ): void => {
    const widthMs = tileWidthMs(span, tilesPerWindow);
    const family = families.get(widthMs) ?? { slots: 0, columns: new Map<string, TileColumn<T>>() };
    families.set(widthMs, family);
    family.slots = Math.max(family.slots, tileSlots(span, widthMs));
    family.columns.set(column.key, column);
  };
  for (const total of totals) {
    const { statistic, measure, filters } = total;
    need(
      total,
      { key: columnKey(total), statistic, measure, filters, category: undefined },
      entity.tilesPerWindow,
    );
  }
  for (const { category, where, windowMs } of bitmaps) {
    const key = bitmapKey(category, where);
    const filters = where === undefined ? [] : [where];
    const column = { key, statistic: "bitmap", measure: undefined, filters, category } as const;
    // An estimate is not worth more tiles than the fewest: each of its bitmaps has 32 bytes.
    need({ windowMs, delayMs: 0 }, column);
  }
  return [...families]
    .toSorted(([first], [second]) => first - second)
    .map(([widthMs, { slots, columns }]) => ({ widthMs, slots, columns: [...columns.values()] }));
}

export function bitmapKey<T extends BaseTransaction>(
  category: Category<T>,
  where: Filter<T> | undefined,
): string {
  return where === undefined ? `bitmap/${category.name}` : `bitmap/${category.name}/${where.name}`;
}
