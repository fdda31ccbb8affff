import type { BaseTransaction } from "@tollgate/contracts";
import type { EntityLayout } from "./entity-layout.ts";
import {
  headFirstEventMs,
  headLastEventMs,
  headLatestEvictedMs,
  headVersion,
  type EntityState,
} from "./entity-state.ts";
import { hashName } from "./hash.ts";

/**
 * The reducer: remembers one transaction, in place. The same function makes the state online, offline and in
 * a rebuild. A late event lands in its own tile; one older than every tile is only counted in the version.
 */
export function applyTransaction<T extends BaseTransaction>(
  layout: EntityLayout<T>,
  state: EntityState,
  transaction: T,
): void {
  const atMs = transaction.occurredAtMs;
  const version = state.head[headVersion] ?? 0;
  rememberRecent(layout, state, { transaction, version });
  addToTiles(layout, state, transaction);
  state.head[headVersion] = version + 1;
  state.head[headLastEventMs] = version === 0 ? atMs : Math.max(state.head[headLastEventMs] ?? 0, atMs);
  state.head[headFirstEventMs] = version === 0 ? atMs : Math.min(state.head[headFirstEventMs] ?? 0, atMs);
}

function rememberRecent<T extends BaseTransaction>(
  layout: EntityLayout<T>,
  state: EntityState,
  event: { readonly transaction: T; readonly version: number },
): void {
  const capacity = layout.entity.recentCapacity;
  if (capacity === 0) return;
  const { transaction, version } = event;
  const slot = version % capacity;
  if (version >= capacity) {
    const evictedMs = state.recentTimesMs[slot] ?? 0;
    state.head[headLatestEvictedMs] = Math.max(state.head[headLatestEvictedMs] ?? 0, evictedMs);
  }
  state.recentTimesMs[slot] = transaction.occurredAtMs;
  for (const [row, measure] of layout.measures.entries()) {
    const values = state.recentMeasures[row];
    if (values !== undefined) values[slot] = measure.of(transaction);
  }
  for (const [row, category] of layout.categories.entries()) {
    const names = state.recentCategories[row];
    if (names !== undefined) names[slot] = hashName(category.of(transaction));
  }
  if (layout.filters.length > 0) state.recentFilters[slot] = filterBits(layout, transaction);
  if (layout.place !== undefined) {
    const place = layout.place(transaction);
    state.recentPlaces[slot] = place?.latitude ?? Number.NaN;
    state.recentPlaces[capacity + slot] = place?.longitude ?? Number.NaN;
  }
}

function filterBits<T extends BaseTransaction>(layout: EntityLayout<T>, transaction: T): number {
  let bits = 0;
  for (const [position, filter] of layout.filters.entries()) {
    if (filter.accepts(transaction)) bits |= 1 << position;
  }
  return bits >>> 0;
}

function addToTiles<T extends BaseTransaction>(
  layout: EntityLayout<T>,
  state: EntityState,
  transaction: T,
): void {
  for (let number = 0; number < layout.families.length; number += 1) {
    const family = layout.families[number];
    const tiles = state.tiles[number];
    if (family === undefined || tiles === undefined) continue;
    const index = Math.floor(transaction.occurredAtMs / family.widthMs);
    const slot = index % family.slots;
    const held = tiles.index[slot] ?? 0;
    if (held > index) continue;
    if (held < index) {
      tiles.index[slot] = index;
      for (const column of tiles.columns) column[slot] = 0;
    }
    for (let row = 0; row < layout.columns.length; row += 1) {
      const column = layout.columns[row];
      const values = tiles.columns[row];
      if (column === undefined || values === undefined) continue;
      if (column.filter !== undefined && !column.filter.accepts(transaction)) continue;
      values[slot] =
        (values[slot] ?? 0) + (column.measure === undefined ? 1 : column.measure.of(transaction));
    }
  }
}
