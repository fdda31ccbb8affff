import type { BaseTransaction } from "@tollgate/contracts";
import type { EntityLayout } from "./entity-layout.ts";
import { headNewestTileMs, headVersion, type EntityState } from "./entity-state.ts";
import { bitmapWords, type TileColumn } from "./tile-families.ts";
import { filterMask, type TransactionReading } from "./transaction-reading.ts";
import { emptyTotal } from "./totals.ts";

/** One column of a family, with everything that is looked up per transaction laid ready. */
export interface PlacedColumn {
  readonly key: string;
  readonly statistic: TileColumn<never>["statistic"];
  readonly mask: number;
  readonly measureRow: number;
  readonly categoryRow: number;
  readonly wide: number;
  readonly narrow: number;
  /** Words of a tile in the int32 view, and what they are while it is empty. */
  readonly narrowWords: number;
  readonly empty: number;
}

export interface PlacedFamily {
  readonly widthMs: number;
  readonly slots: number;
  readonly columns: readonly PlacedColumn[];
}

/** A label's transaction, and how many frauds it is now: one more, or one taken back. */
export interface FraudChange {
  readonly atMs: number;
  /** Of the transaction; 0 where no feature counts the frauds of some transactions only. */
  readonly filterBits: number;
  readonly by: 1 | -1;
}

const twoTo16 = 65_536;
const twoTo32 = 4_294_967_296;

export function placedFamilies<T extends BaseTransaction>(layout: EntityLayout<T>): readonly PlacedFamily[] {
  return layout.families.map(({ widthMs, slots, columns }, number) => ({
    widthMs,
    slots,
    columns: columns.map(({ key, statistic, measure, filters, category }, row) => ({
      key,
      statistic,
      mask: filterMask(layout.filters, filters),
      measureRow: layout.measures.findIndex(({ name }) => name === measure?.name),
      categoryRow: layout.categories.findIndex(({ name }) => name === category?.name),
      wide: layout.columnPlaces[number]?.[row]?.wide ?? -1,
      narrow: layout.columnPlaces[number]?.[row]?.narrow ?? -1,
      narrowWords: statistic === "bitmap" ? bitmapWords : 1,
      empty: emptyTotal(statistic),
    })),
  }));
}

/**
 * Moves the newest tile on to a transaction's time and clears the tiles that it skips. Which tiles are kept
 * follows from the newest time alone, so the order in which transactions come does not matter.
 */
export function advanceTiles(families: readonly PlacedFamily[], state: EntityState, atMs: number): void {
  const { float64 } = state;
  const isNew = float64[headVersion] === 0;
  const newestMs = float64[headNewestTileMs] ?? 0;
  if (!isNew && atMs <= newestMs) return;
  float64[headNewestTileMs] = atMs;
  for (let number = 0; number < families.length; number += 1) {
    const family = families[number];
    if (family === undefined) continue;
    const { widthMs, slots } = family;
    const newest = Math.floor(atMs / widthMs);
    const skipped = isNew ? slots : Math.min(newest - Math.floor(newestMs / widthMs), slots);
    if (skipped === slots) clearAll(family, state);
    else if (skipped > 0) clearTiles(family, state, slotOf(newest - skipped + 1, slots), skipped);
  }
}

/** Adds a transaction to its tile of every family; one older than every tile is not added. */
export function addToTiles(
  families: readonly PlacedFamily[],
  state: EntityState,
  reading: TransactionReading,
): void {
  const newestMs = state.float64[headNewestTileMs] ?? 0;
  for (let number = 0; number < families.length; number += 1) {
    const family = families[number];
    if (family === undefined) continue;
    const { widthMs, slots, columns } = family;
    const index = Math.floor(reading.atMs / widthMs);
    if (index <= Math.floor(newestMs / widthMs) - slots) continue;
    const slot = slotOf(index, slots);
    for (let row = 0; row < columns.length; row += 1) {
      const column = columns[row];
      if (column !== undefined && (reading.filterBits & column.mask) === column.mask) {
        addToColumn(column, state, reading, slot);
      }
    }
  }
}

/** Counts a fraud, or takes one back, in the tile of its transaction; one older than all is left out. */
export function addFrauds(families: readonly PlacedFamily[], state: EntityState, change: FraudChange): void {
  const newestMs = state.float64[headNewestTileMs] ?? 0;
  for (const { widthMs, slots, columns } of families) {
    const index = Math.floor(change.atMs / widthMs);
    if (index <= Math.floor(newestMs / widthMs) - slots) continue;
    for (const { statistic, mask, narrow } of columns) {
      if (statistic !== "frauds" || (change.filterBits & mask) !== mask) continue;
      const at = narrow + slotOf(index, slots);
      state.int32[at] = (state.int32[at] ?? 0) + change.by;
    }
  }
}

/**
 * The slot of a tile; also right for the tiles before 1970. Not by `%`, which calls the C library where
 * numbers are not known to be integers, and this runs for each family and span of a vector.
 */
export function slotOf(index: number, slots: number): number {
  return index - Math.floor(index / slots) * slots;
}

function addToColumn(
  column: PlacedColumn,
  { float64, int32 }: EntityState,
  reading: TransactionReading,
  slot: number,
): void {
  const narrow = column.narrow + slot;
  const wide = column.wide + slot;
  if (column.statistic === "count") {
    int32[narrow] = (int32[narrow] ?? 0) + 1;
    return;
  }
  // A column without a measure must not get here: a read at -1 would slow every other read of the steps.
  const steps = column.measureRow < 0 ? 0 : (reading.steps[column.measureRow] ?? 0);
  switch (column.statistic) {
    case "sum":
      float64[wide] = (float64[wide] ?? 0) + steps;
      return;
    case "minimum":
      if (steps < (int32[narrow] ?? 0)) int32[narrow] = steps;
      return;
    case "maximum":
      if (steps > (int32[narrow] ?? 0)) int32[narrow] = steps;
      return;
    case "squares":
      addSquare(float64, int32, { wide, narrow, steps });
      return;
    case "bitmap":
      setBit(int32, column.narrow + slot * bitmapWords, reading.categories[column.categoryRow] ?? 0);
      return;
    case "frauds":
      return;
  }
}

/**
 * Adds a square exactly: the sum is `wide * 2^32 + narrow`, and `narrow` carries into `wide` at 2^32. With
 * the steps as `high * 2^16 + low` no part exceeds 2^53, where float64 would begin to round.
 */
function addSquare(
  float64: Float64Array,
  int32: Int32Array,
  { wide, narrow, steps }: { readonly wide: number; readonly narrow: number; readonly steps: number },
): void {
  const high = steps >> 16;
  const low = steps & 0xff_ff;
  const cross = 2 * high * low;
  const crossHigh = Math.floor(cross / twoTo16);
  const rest = (int32[narrow] ?? 0) >>> 0;
  const lower = rest + (cross - crossHigh * twoTo16) * twoTo16 + low * low;
  const carry = Math.floor(lower / twoTo32);
  float64[wide] = (float64[wide] ?? 0) + high * high + crossHigh + carry;
  int32[narrow] = lower - carry * twoTo32;
}

function setBit(int32: Int32Array, words: number, hash: number): void {
  if (hash === 0) return;
  const bit = bitOf(hash);
  const at = words + (bit >>> 5);
  int32[at] = (int32[at] ?? 0) | (1 << (bit & 31));
}

/** Which of the bitmap's 256 bits a value sets: the upper bits of a multiplicative mix of its hash. */
export function bitOf(hash: number): number {
  return Math.imul(hash, 0x9e37_79b1) >>> 24;
}

function clearAll({ slots, columns }: PlacedFamily, state: EntityState): void {
  for (let row = 0; row < columns.length; row += 1) {
    const column = columns[row];
    if (column !== undefined) clearColumn(column, state, 0, slots);
  }
}

/** Clears so many tiles from a slot on, around the end of the slots. */
function clearTiles(family: PlacedFamily, state: EntityState, slot: number, tiles: number): void {
  const { slots, columns } = family;
  const straight = Math.min(tiles, slots - slot);
  for (let row = 0; row < columns.length; row += 1) {
    const column = columns[row];
    if (column === undefined) continue;
    clearColumn(column, state, slot, slot + straight);
    if (tiles > straight) clearColumn(column, state, 0, tiles - straight);
  }
}

/** A plain loop: for a few slots it is several times faster than `fill`. */
function clearColumn(
  column: PlacedColumn,
  { float64, int32 }: EntityState,
  from: number,
  until: number,
): void {
  const { wide, narrow, narrowWords, empty } = column;
  if (wide >= 0) for (let slot = from; slot < until; slot += 1) float64[wide + slot] = 0;
  if (narrow < 0) return;
  const end = narrow + until * narrowWords;
  for (let word = narrow + from * narrowWords; word < end; word += 1) int32[word] = empty;
}
