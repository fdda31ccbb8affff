import type { RowFault } from "./state-row.ts";

/** `open`: Redis is left alone and calls fail at once; `half-open`: one call tries whether it is back. */
export type CircuitState = "closed" | "open" | "half-open";

/** What the store tells of itself, for metrics. */
export interface StoreObserver {
  /** A stored row could not be read. It counts as unknown and the next write replaces it. */
  rowRefused(row: { readonly entity: string; readonly reason: RowFault }): void;
  circuitChanged(state: CircuitState): void;
  /** Another generation is served from now on. */
  generationChanged(generation: number): void;
}

const nothing = (): void => {};

/** Tells nobody: for tests and tools. */
export const silentStoreObserver: StoreObserver = {
  rowRefused: nothing,
  circuitChanged: nothing,
  generationChanged: nothing,
};
