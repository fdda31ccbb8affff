import { headNewestTileMs, type EntityState } from "./entity-state.ts";
import { slotOf, type PlacedColumn, type PlacedFamily } from "./tiles.ts";

/** A stretch of time in tiles of one width. */
export interface TileSpan {
  readonly windowMs: number;
  readonly delayMs: number;
  readonly family: PlacedFamily;
}

/** The tiles that a span covers and that are still held: the first one's slot, and how many they are. */
export interface TileRange {
  slot: number;
  tiles: number;
}

const twoTo32 = 4_294_967_296;

/** Writes the range of a span as of a time; into an object that is used again, as this runs per window. */
export function findTiles(span: TileSpan, state: EntityState, nowMs: number, into: TileRange): void {
  const { widthMs, slots } = span.family;
  const newest = Math.floor((state.float64[headNewestTileMs] ?? 0) / widthMs);
  const last = Math.floor((nowMs - span.delayMs) / widthMs) - (span.delayMs > 0 ? 1 : 0);
  const from = Math.max(last - span.windowMs / widthMs, newest - slots) + 1;
  into.slot = slotOf(from, slots);
  into.tiles = Math.max(0, Math.min(last, newest) - from + 1);
}

/** The total of a column over a range; its tiles lie in one stretch of slots, or in two that wrap around. */
export function totalOfTiles(
  column: PlacedColumn,
  state: EntityState,
  range: TileRange,
  slots: number,
): number {
  const end = range.slot + range.tiles;
  if (end <= slots) return addTiles(column, state, range.slot, end);
  const first = addTiles(column, state, range.slot, slots);
  const second = addTiles(column, state, 0, end - slots);
  if (column.statistic === "minimum") return Math.min(first, second);
  return column.statistic === "maximum" ? Math.max(first, second) : first + second;
}

function addTiles(column: PlacedColumn, state: EntityState, from: number, until: number): number {
  const { float64, int32 } = state;
  const { wide, narrow } = column;
  let total = column.empty;
  switch (column.statistic) {
    case "count":
    case "frauds":
      return addCounts(int32, narrow + from, narrow + until);
    case "sum":
      return addSums(float64, wide + from, wide + until);
    case "squares":
      for (let slot = from; slot < until; slot += 1) {
        total += (float64[wide + slot] ?? 0) * twoTo32 + ((int32[narrow + slot] ?? 0) >>> 0);
      }
      return total;
    case "minimum":
      for (let slot = from; slot < until; slot += 1) total = Math.min(total, int32[narrow + slot] ?? 0);
      return total;
    case "maximum":
      for (let slot = from; slot < until; slot += 1) total = Math.max(total, int32[narrow + slot] ?? 0);
      return total;
    case "bitmap":
      return total;
  }
}

/** As 32-bit integers, which add in a cycle each: a window holds fewer than 2^31 transactions. */
function addCounts(int32: Int32Array, from: number, until: number): number {
  let total = 0;
  for (let at = from; at < until; at += 1) total = (total + (int32[at] ?? 0)) | 0;
  return total;
}

/** In two sums, as each addition waits four cycles for the last one. Exact: they are whole numbers. */
function addSums(float64: Float64Array, from: number, until: number): number {
  let even = 0;
  let odd = 0;
  let at = from;
  for (; at + 1 < until; at += 2) {
    even += float64[at] ?? 0;
    odd += float64[at + 1] ?? 0;
  }
  return at < until ? even + odd + (float64[at] ?? 0) : even + odd;
}
