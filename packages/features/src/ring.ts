import type { RingPlaces } from "./entity-layout.ts";
import { headEvents, headLatestEvictedMs, type EntityState } from "./entity-state.ts";
import { noPlace, type TransactionReading } from "./transaction-reading.ts";

/** Transactions in the ring: the latest ones by time, then by the hash of the id, sorted ascending. */
export function ringLength(ring: RingPlaces, state: EntityState): number {
  return Math.min(state.float64[headEvents] ?? 0, ring.capacity);
}

/**
 * Where a transaction belongs among those in the ring; -1 when it is already there. The place follows from
 * the set of transactions alone, never from the order in which they came.
 */
export function ringPosition(ring: RingPlaces, state: EntityState, reading: TransactionReading): number {
  const { float64, int32 } = state;
  let position = ringLength(ring, state);
  for (; position > 0; position -= 1) {
    const atMs = float64[ring.times + position - 1] ?? 0;
    if (atMs < reading.atMs) break;
    if (atMs > reading.atMs) continue;
    const idHash = int32[ring.records + (position - 1) * ring.recordWords] ?? 0;
    if (idHash === reading.idHash) return -1;
    if (idHash < reading.idHash) break;
  }
  return position;
}

/** Puts a transaction at its place; the earliest makes room, or is left out itself where the ring is full. */
export function insertIntoRing(
  ring: RingPlaces,
  state: EntityState,
  reading: TransactionReading,
  position: number,
): void {
  const { float64, int32 } = state;
  const length = ringLength(ring, state);
  const { times, records, recordWords } = ring;
  let slot = position;
  if (length < ring.capacity) {
    float64.copyWithin(times + position + 1, times + position, times + length);
    int32.copyWithin(
      records + (position + 1) * recordWords,
      records + position * recordWords,
      records + length * recordWords,
    );
  } else {
    const evictedMs = position === 0 ? reading.atMs : (float64[times] ?? 0);
    const isFirst = (float64[headEvents] ?? 0) === ring.capacity;
    float64[headLatestEvictedMs] = isFirst
      ? evictedMs
      : Math.max(float64[headLatestEvictedMs] ?? 0, evictedMs);
    if (position === 0) return;
    slot = position - 1;
    float64.copyWithin(times, times + 1, times + position);
    int32.copyWithin(records, records + recordWords, records + position * recordWords);
  }
  writeRecord(ring, state, reading, slot);
}

function writeRecord(ring: RingPlaces, state: EntityState, reading: TransactionReading, slot: number): void {
  const { int32 } = state;
  const record = ring.records + slot * ring.recordWords;
  state.float64[ring.times + slot] = reading.atMs;
  int32[record] = reading.idHash;
  if (ring.measureWord > ring.filterWord) int32[record + ring.filterWord] = reading.filterBits;
  for (let row = 0; row < reading.steps.length; row += 1) {
    int32[record + ring.measureWord + row] = reading.steps[row] ?? 0;
  }
  for (let row = 0; row < reading.categories.length; row += 1) {
    int32[record + ring.categoryWord + row] = reading.categories[row] ?? 0;
  }
  if (ring.recordWords > ring.placeWord) {
    int32[record + ring.placeWord] = reading.latitude;
    int32[record + ring.placeWord + 1] = reading.longitude;
  }
}

/** The slot of the latest transaction with a place; -1 for none. */
export function latestPlacedSlot(ring: RingPlaces, state: EntityState): number {
  for (let slot = ringLength(ring, state) - 1; slot >= 0; slot -= 1) {
    const latitude = state.int32[ring.records + slot * ring.recordWords + ring.placeWord] ?? noPlace;
    if (latitude !== noPlace) return slot;
  }
  return -1;
}
