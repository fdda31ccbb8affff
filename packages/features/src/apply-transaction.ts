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
  const version = state.float64[headVersion] ?? 0;
  rememberRecent(layout, state, { transaction, version });
  addToTiles(layout, state, transaction);
  state.float64[headVersion] = version + 1;
  state.float64[headLastEventMs] = version === 0 ? atMs : Math.max(state.float64[headLastEventMs] ?? 0, atMs);
  state.float64[headFirstEventMs] =
    version === 0 ? atMs : Math.min(state.float64[headFirstEventMs] ?? 0, atMs);
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
    const evictedMs = state.float64[layout.places.recentTimesMs + slot] ?? 0;
    state.float64[headLatestEvictedMs] = Math.max(state.float64[headLatestEvictedMs] ?? 0, evictedMs);
  }
  const { places } = layout;
  state.float64[places.recentTimesMs + slot] = transaction.occurredAtMs;
  for (const [row, measure] of layout.measures.entries()) {
    state.float32[(places.recentMeasures[row] ?? 0) + slot] = measure.of(transaction);
  }
  for (const [row, category] of layout.categories.entries()) {
    state.uint32[(places.recentCategories[row] ?? 0) + slot] = hashName(category.of(transaction));
  }
  if (layout.filters.length > 0) state.uint32[places.recentFilters + slot] = filterBits(layout, transaction);
  if (layout.place !== undefined) {
    const place = layout.place(transaction);
    state.float32[places.recentPlaces + slot] = place?.latitude ?? Number.NaN;
    state.float32[places.recentPlaces + capacity + slot] = place?.longitude ?? Number.NaN;
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
    const places = layout.places.tiles[number];
    if (family === undefined || places === undefined) continue;
    const index = Math.floor(transaction.occurredAtMs / family.widthMs);
    const slot = index % family.slots;
    const held = state.uint32[places.index + slot] ?? 0;
    if (held > index) continue;
    if (held < index) {
      state.uint32[places.index + slot] = index;
      for (const column of places.columns) state.float32[column + slot] = 0;
    }
    for (let row = 0; row < layout.columns.length; row += 1) {
      const column = layout.columns[row];
      if (column === undefined) continue;
      if (column.filter !== undefined && !column.filter.accepts(transaction)) continue;
      const at = (places.columns[row] ?? 0) + slot;
      const added = column.measure === undefined ? 1 : column.measure.of(transaction);
      state.float32[at] = (state.float32[at] ?? 0) + added;
    }
  }
}
