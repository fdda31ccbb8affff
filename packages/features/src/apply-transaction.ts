import type { BaseTransaction } from "@tollgate/contracts";
import type { EntityLayout } from "./entity-layout.ts";
import {
  headEvents,
  headFirstEventMs,
  headLastEventMs,
  headVersion,
  type EntityState,
} from "./entity-state.ts";
import { hashName } from "./hash.ts";
import { addToLabelRing } from "./label-ring.ts";
import { noteMoments, placedMoments } from "./moments.ts";
import { insertIntoRing, ringPosition } from "./ring.ts";
import { addFrauds, addToTiles, advanceTiles, type PlacedFamily } from "./tiles.ts";
import type { TransactionReading } from "./transaction-reading.ts";

/** A transaction whose truth has become known, or has turned out to be another. */
export interface LabelledTransaction<T extends BaseTransaction> {
  readonly transaction: T;
  /** True where it is now believed fraud; false takes an earlier true back. */
  readonly fraud: boolean;
  /** When the truth became known, in ms. */
  readonly labelledAtMs: number;
}

/** The reducer of one entity: the same two functions online, offline and in a rebuild. */
export interface Reducer<T extends BaseTransaction> {
  apply(state: EntityState, transaction: T): boolean;
  applyLabel(state: EntityState, label: LabelledTransaction<T>): void;
}

/**
 * Compiles the reducer. The bytes of a state depend only on the set of what was applied, not on its order:
 * the ring holds the latest by time and id, tiles hold exact integer sums, the head extremes and counts.
 */
export function compileReducer<T extends BaseTransaction>(
  layout: EntityLayout<T>,
  families: readonly PlacedFamily[],
  read: (transaction: T) => TransactionReading,
): Reducer<T> {
  const { ring, labelRing, usesLabels, filtersLabels } = layout;
  const moments = placedMoments(layout);
  return {
    apply(state, transaction) {
      const reading = read(transaction);
      if (ring.capacity > 0) {
        const position = ringPosition(ring, state, reading);
        if (position < 0) return false;
        insertIntoRing(ring, state, reading, position);
      }
      advanceTiles(families, state, reading.atMs);
      addToTiles(families, state, reading);
      if (moments.length > 0) noteMoments(moments, state, reading);
      countEvent(state.float64, reading.atMs);
      return true;
    },
    applyLabel(state, { transaction, fraud }) {
      if (!usesLabels) return;
      advanceTiles(families, state, transaction.occurredAtMs);
      const filterBits = filtersLabels ? read(transaction).filterBits : 0;
      const entry = { atMs: transaction.occurredAtMs, filterBits, by: fraud ? 1 : -1 } as const;
      addFrauds(families, state, entry);
      addToLabelRing(labelRing, state, { ...entry, idHash: hashName(transaction.id) | 0 });
      state.float64[headVersion] = (state.float64[headVersion] ?? 0) + 1;
    },
  };
}

function countEvent(head: Float64Array, atMs: number): void {
  const events = head[headEvents] ?? 0;
  head[headVersion] = (head[headVersion] ?? 0) + 1;
  head[headEvents] = events + 1;
  head[headLastEventMs] = events === 0 ? atMs : Math.max(head[headLastEventMs] ?? 0, atMs);
  head[headFirstEventMs] = events === 0 ? atMs : Math.min(head[headFirstEventMs] ?? 0, atMs);
}
