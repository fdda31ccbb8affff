import { labelRecordWords, type LabelRingPlaces } from "./entity-layout.ts";
import type { EntityState } from "./entity-state.ts";

/** A label's transaction, and how many frauds it is now: one more, or one taken back. */
export interface LabelEntry {
  readonly atMs: number;
  readonly idHash: number;
  readonly by: 1 | -1;
}

/**
 * Remembers a label by its transaction's time and id, sorted. What has been taken back stays, with 0 frauds:
 * so which are the latest follows from the set of labels alone, in whatever order they come.
 */
export function addToLabelRing(
  ring: LabelRingPlaces,
  { float64, int32 }: EntityState,
  entry: LabelEntry,
): void {
  const { capacity, times, records, latestEvicted } = ring;
  if (capacity === 0) return;
  const length = int32[ring.length] ?? 0;
  let position = length;
  for (; position > 0; position -= 1) {
    const atMs = float64[times + position - 1] ?? 0;
    if (atMs < entry.atMs) break;
    if (atMs > entry.atMs) continue;
    const record = records + (position - 1) * labelRecordWords;
    const idHash = int32[record] ?? 0;
    if (idHash === entry.idHash) {
      int32[record + 1] = (int32[record + 1] ?? 0) + entry.by;
      return;
    }
    if (idHash < entry.idHash) break;
  }
  let slot = position;
  if (length < capacity) {
    float64.copyWithin(times + position + 1, times + position, times + length);
    const from = records + position * labelRecordWords;
    int32.copyWithin(from + labelRecordWords, from, records + length * labelRecordWords);
    int32[ring.length] = length + 1;
  } else {
    const evictedMs = position === 0 ? entry.atMs : (float64[times] ?? 0);
    float64[latestEvicted] = Math.max(float64[latestEvicted] ?? 0, evictedMs);
    if (position === 0) return;
    slot = position - 1;
    float64.copyWithin(times, times + 1, times + position);
    int32.copyWithin(records, records + labelRecordWords, records + position * labelRecordWords);
  }
  float64[times + slot] = entry.atMs;
  int32[records + slot * labelRecordWords] = entry.idHash;
  int32[records + slot * labelRecordWords + 1] = entry.by;
}

/** How far back every label is held, in ms: one that there was no room for is at least this old. */
export function exactLabelAgeMs(ring: LabelRingPlaces, { float64 }: EntityState, nowMs: number): number {
  const evictedMs = float64[ring.latestEvicted] ?? 0;
  return evictedMs === 0 ? Number.MAX_VALUE : nowMs - evictedMs;
}

/** Frauds among the transactions after one time and until another. */
export function fraudsWithin(
  ring: LabelRingPlaces,
  { float64, int32 }: EntityState,
  { afterMs, untilMs }: { readonly afterMs: number; readonly untilMs: number },
): number {
  let frauds = 0;
  for (let slot = (int32[ring.length] ?? 0) - 1; slot >= 0; slot -= 1) {
    const atMs = float64[ring.times + slot] ?? 0;
    if (atMs <= afterMs) break;
    if (atMs <= untilMs) frauds += int32[ring.records + slot * labelRecordWords + 1] ?? 0;
  }
  return frauds;
}
