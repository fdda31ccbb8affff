import type { BaseTransaction } from "@tollgate/contracts";
import { headFields, type EntityLayout } from "./entity-layout.ts";

/**
 * What is remembered of one entity: typed views on one buffer, which is also its form in the store, byte for
 * byte (little-endian; docs/specs/entity-state.md).
 */
export interface EntityState {
  readonly buffer: ArrayBuffer;
  /** Version (transactions applied), then times in ms: last event, first event, latest that left the ring. */
  readonly head: Float64Array;
  readonly recentTimesMs: Float64Array;
  /** One row of `recentCapacity` for each measure of the layout. */
  readonly recentMeasures: readonly Float32Array[];
  readonly recentCategories: readonly Uint32Array[];
  /** One bit for each filter of the layout; empty without filters. */
  readonly recentFilters: Uint32Array;
  /** Latitudes, then longitudes, in degrees; NaN where the transaction had none. Empty without a place. */
  readonly recentPlaces: Float32Array;
  readonly tiles: readonly TileViews[];
}

/** One family of tiles: which tile each slot holds, and the columns' values. */
export interface TileViews {
  readonly index: Uint32Array;
  readonly columns: readonly Float32Array[];
}

export const headVersion = 0;
export const headLastEventMs = 1;
export const headFirstEventMs = 2;
export const headLatestEvictedMs = 3;

/** A state that has seen nothing. */
export function emptyState<T extends BaseTransaction>(layout: EntityLayout<T>): EntityState {
  return viewsOn(layout, new ArrayBuffer(layout.byteLength));
}

/** A state from its stored bytes, which are copied. Throws when the length is not the layout's. */
export function loadState<T extends BaseTransaction>(
  layout: EntityLayout<T>,
  bytes: Uint8Array,
): EntityState {
  if (bytes.byteLength !== layout.byteLength) {
    throw new Error(
      `a state of "${layout.entity.name}" has ${bytes.byteLength} bytes, its layout ${layout.byteLength}`,
    );
  }
  const buffer = new ArrayBuffer(layout.byteLength);
  new Uint8Array(buffer).set(bytes);
  return viewsOn(layout, buffer);
}

export function copyState<T extends BaseTransaction>(
  layout: EntityLayout<T>,
  state: EntityState,
): EntityState {
  return viewsOn(layout, state.buffer.slice(0));
}

export function versionOf(state: EntityState): number {
  return state.head[headVersion] ?? 0;
}

export function lastEventMsOf(state: EntityState): number {
  return state.head[headLastEventMs] ?? 0;
}

function viewsOn<T extends BaseTransaction>(layout: EntityLayout<T>, buffer: ArrayBuffer): EntityState {
  const capacity = layout.entity.recentCapacity;
  let at = 0;
  const float64 = (length: number): Float64Array => new Float64Array(buffer, advance(length * 8), length);
  const float32 = (length: number): Float32Array => new Float32Array(buffer, advance(length * 4), length);
  const uint32 = (length: number): Uint32Array => new Uint32Array(buffer, advance(length * 4), length);
  const advance = (bytes: number): number => {
    const start = at;
    at += bytes;
    return start;
  };
  return {
    buffer,
    head: float64(headFields),
    recentTimesMs: float64(capacity),
    recentMeasures: layout.measures.map(() => float32(capacity)),
    recentCategories: layout.categories.map(() => uint32(capacity)),
    recentFilters: uint32(layout.filters.length > 0 ? capacity : 0),
    recentPlaces: float32(layout.place === undefined ? 0 : capacity * 2),
    tiles: layout.families.map((family) => ({
      index: uint32(family.slots),
      columns: layout.columns.map(() => float32(family.slots)),
    })),
  };
}
