import type { BaseTransaction } from "@tollgate/contracts";
import { headFields, type EntityLayout } from "./entity-layout.ts";

/**
 * What is remembered of one entity: one buffer, which is also its form in the store, byte for byte
 * (little-endian; docs/specs/entity-state.md), seen as each of its number types. `EntityLayout.places` says
 * where what lies. Three views and not one for each part: a score reads three states, and views cost garbage.
 */
export interface EntityState {
  readonly buffer: ArrayBuffer;
  /** The head (version; last event, first event, latest that left the ring, in ms), then the ring's times. */
  readonly float64: Float64Array;
  readonly float32: Float32Array;
  readonly uint32: Uint32Array;
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

export function versionOf(state: EntityState): number {
  return state.float64[headVersion] ?? 0;
}

export function lastEventMsOf(state: EntityState): number {
  return state.float64[headLastEventMs] ?? 0;
}

function viewsOn<T extends BaseTransaction>(layout: EntityLayout<T>, buffer: ArrayBuffer): EntityState {
  return {
    buffer,
    float64: new Float64Array(buffer, 0, headFields + layout.entity.recentCapacity),
    float32: new Float32Array(buffer),
    uint32: new Uint32Array(buffer),
  };
}
