import type { BaseTransaction } from "@tollgate/contracts";
import type { EntityLayout } from "./entity-layout.ts";

/**
 * What is remembered of one entity: a stretch of bytes (little-endian; docs/specs/entity-state.md), seen as
 * each of its number types. `EntityLayout` says where what lies. Two views and not one for each part: a score
 * reads three states, and views cost garbage.
 */
export interface EntityState {
  readonly float64: Float64Array<ArrayBuffer>;
  readonly int32: Int32Array<ArrayBuffer>;
}

/**
 * Memory that states are made in, one after the other. The states of one read share it: an ArrayBuffer for
 * each costs a microsecond, a third of a read. It is kept as long as one of its states is.
 */
export interface StateMemory extends EntityState {
  /** Bytes from the start that are in use; all others are zero. */
  used: number;
}

/** @param byteLength a multiple of 8. */
export function stateMemory(byteLength: number): StateMemory {
  return { ...viewsOn(new ArrayBuffer(byteLength), 0, byteLength), used: 0 };
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

/** A state that has seen nothing, in memory that is given or its own. */
export function emptyState<T extends BaseTransaction>(
  { byteLength }: EntityLayout<T>,
  memory: StateMemory = stateMemory(byteLength),
): EntityState {
  const from = memory.used;
  memory.used = from + byteLength;
  return viewsOn(memory.float64.buffer, from, byteLength);
}

/** The bytes of a state: a view, not a copy. */
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
