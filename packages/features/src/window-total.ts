import type { BaseTransaction } from "@tollgate/contracts";
import type { Window } from "./definition.ts";
import { columnName, type EntityLayout, type TileColumn } from "./entity-layout.ts";
import { headLatestEvictedMs, headVersion, type EntityState } from "./entity-state.ts";
import { tileFamilyOf, windowMs } from "./windows.ts";

/** The total of one column over `(now - window, now]` of a state, this transaction not included. */
export type WindowTotal = (state: EntityState, nowMs: number) => number;

/**
 * Compiles the total of a column over a window. Exact from the ring while the ring still holds everything of
 * the window; else from the tiles, which then cover between `window - one tile` and `window`.
 */
export function windowTotal<T extends BaseTransaction>(
  layout: EntityLayout<T>,
  column: TileColumn<T>,
  window: Window,
): WindowTotal {
  const lengthMs = windowMs[window];
  const fromTiles = tileTotal(layout, column, window);
  if (layout.entity.recentCapacity === 0) return fromTiles;
  const fromRing = ringTotal(layout, column, lengthMs);
  return (state, nowMs) =>
    (state.float64[headLatestEvictedMs] ?? 0) <= nowMs - lengthMs
      ? fromRing(state, nowMs)
      : fromTiles(state, nowMs);
}

function ringTotal<T extends BaseTransaction>(
  layout: EntityLayout<T>,
  column: TileColumn<T>,
  lengthMs: number,
): WindowTotal {
  const capacity = layout.entity.recentCapacity;
  const measureRow = layout.measures.findIndex((measure) => measure.name === column.measure?.name);
  const filterPosition = layout.filters.findIndex((filter) => filter.name === column.filter?.name);
  const filterMask = filterPosition < 0 ? 0 : (1 << filterPosition) >>> 0;
  const { recentTimesMs: timesAt, recentFilters: filtersAt, recentMeasures } = layout.places;
  const valuesAt = measureRow < 0 ? undefined : recentMeasures[measureRow];
  return (state, nowMs) => {
    const held = Math.min(state.float64[headVersion] ?? 0, capacity);
    let total = 0;
    for (let slot = 0; slot < held; slot += 1) {
      const atMs = state.float64[timesAt + slot] ?? 0;
      if (atMs <= nowMs - lengthMs || atMs > nowMs) continue;
      if (filterMask !== 0 && ((state.uint32[filtersAt + slot] ?? 0) & filterMask) === 0) continue;
      total += valuesAt === undefined ? 1 : (state.float32[valuesAt + slot] ?? 0);
    }
    return total;
  };
}

function tileTotal<T extends BaseTransaction>(
  layout: EntityLayout<T>,
  column: TileColumn<T>,
  window: Window,
): WindowTotal {
  const family = tileFamilyOf(window);
  const number = layout.families.indexOf(family);
  const row = layout.columns.findIndex((candidate) => columnName(candidate) === columnName(column));
  const places = layout.places.tiles[number];
  const indexAt = places?.index;
  const valuesAt = places?.columns[row];
  if (indexAt === undefined || valuesAt === undefined) {
    throw new Error(`"${layout.entity.name}" keeps no tiles for ${window}`);
  }
  const tileCount = windowMs[window] / family.widthMs;
  return (state, nowMs) => {
    const newest = Math.floor(nowMs / family.widthMs);
    let total = 0;
    for (let slot = 0; slot < family.slots; slot += 1) {
      const index = state.uint32[indexAt + slot] ?? 0;
      if (index > newest - tileCount && index <= newest) total += state.float32[valuesAt + slot] ?? 0;
    }
    return total;
  };
}
