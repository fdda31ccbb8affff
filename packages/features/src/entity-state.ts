import type { BaseTransaction } from "@tollgate/contracts";
import type { EntityLayout } from "./entity-layout.ts";

/**
 * What is remembered of one entity: a stretch of bytes, which is also its form in the store, byte for byte
 * (little-endian; docs/specs/entity-state.md), seen as each of its number types. `EntityLayout` says where
 * what lies. Two views and not one for each part: a score reads three states, and views cost garbage.
 */
export interface EntityState {
  readonly float64: Float64Array<ArrayBuffer>;
  readonly int32: Int32Array<ArrayBuffer>;
}

/**
 * Memory that states are loaded into, one after the other. The states of one read share it: an ArrayBuffer
 * for each costs a microsecond, a third of a read. It is kept as long as one of its states is.
 */
export interface StateMemory {
  readonly bytes: Uint8Array<ArrayBuffer>;
  used: number;
}

export function stateMemory(byteLength: number): StateMemory {
  return { bytes: new Uint8Array(byteLength), used: 0 };
}

/** The head, in the float64 view. Times are in ms; all but the version are 0 until there is an event. */
export const headVersion = 0;
/** Transactions applied; the version counts labels beside them. */
export const headEvents = 1;
export const headLastEventMs = 2;
export const headFirstEventMs = 3;
/** The latest event that the ring had no room for. */
export const headLatestEvictedMs = 4;
/** The latest transaction that was counted in tiles, by itself or by its label. */
export const headNewestTileMs = 5;
export const headFields = 6;

/** A state that has seen nothing. */
export function emptyState<T extends BaseTransaction>(layout: EntityLayout<T>): EntityState {
  return viewsOn(new ArrayBuffer(layout.byteLength), 0, layout.byteLength);
}

/** A state from its stored bytes, which are copied. Throws when the length is not the layout's. */
export function loadState<T extends BaseTransaction>(
  layout: EntityLayout<T>,
  bytes: Uint8Array,
  memory: StateMemory,
): EntityState {
  if (bytes.byteLength !== layout.byteLength) {
    throw new Error(
      `a state of "${layout.entity.name}" has ${bytes.byteLength} bytes, its layout ${layout.byteLength}`,
    );
  }
  const from = memory.used;
  memory.bytes.set(bytes, from);
  memory.used = from + layout.byteLength;
  return viewsOn(memory.bytes.buffer, from, layout.byteLength);
}

/** The bytes of a state as the store holds them: a view, not a copy. */
export function stateBytes({ float64 }: EntityState): Uint8Array<ArrayBuffer> {
  return new Uint8Array(float64.buffer, float64.byteOffset, float64.byteLength);
}

/** How many transactions and labels were applied: one more each time. */
export function versionOf(state: EntityState): number {
  return state.float64[headVersion] ?? 0;
}

/** Time of the latest transaction, in ms. */
export function lastEventMsOf(state: EntityState): number {
  return state.float64[headLastEventMs] ?? 0;
}

function viewsOn(buffer: ArrayBuffer, from: number, byteLength: number): EntityState {
  return {
    float64: new Float64Array(buffer, from, byteLength / 8),
    int32: new Int32Array(buffer, from, byteLength / 4),
  };
}
