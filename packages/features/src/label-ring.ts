import type { LabelRingPlaces } from "./entity-layout.ts";
import type { EntityState } from "./entity-state.ts";
import type { FraudChange } from "./tiles.ts";

export interface LabelEntry extends FraudChange {
  readonly idHash: number;
}

/** Word of a record that has the bits of the filters, where a label rate has a filter. */
const labelFilterWord = 2;

/**
 * Remembers a label by its transaction's time and id, sorted. What has been taken back stays, with 0 frauds:
 * so which are the latest follows from the set of labels alone, in whatever order they come.
 */
export function addToLabelRing(
  ring: LabelRingPlaces,
  { float64, int32 }: EntityState,
  entry: LabelEntry,
): void {
  const { capacity, times, records, recordWords, latestEvicted } = ring;
  if (capacity === 0) return;
  const length = int32[ring.length] ?? 0;
  let position = length;
  for (; position > 0; position -= 1) {
    const atMs = float64[times + position - 1] ?? 0;
    if (atMs < entry.atMs) break;
    if (atMs > entry.atMs) continue;
    const record = records + (position - 1) * recordWords;
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
    const from = records + position * recordWords;
    int32.copyWithin(from + recordWords, from, records + length * recordWords);
    int32[ring.length] = length + 1;
  } else {
    const evictedMs = position === 0 ? entry.atMs : (float64[times] ?? 0);
    float64[latestEvicted] = Math.max(float64[latestEvicted] ?? 0, evictedMs);
    if (position === 0) return;
    slot = position - 1;
    float64.copyWithin(times, times + 1, times + position);
    int32.copyWithin(records, records + recordWords, records + position * recordWords);
  }
  float64[times + slot] = entry.atMs;
  const record = records + slot * recordWords;
  int32[record] = entry.idHash;
  int32[record + 1] = entry.by;
  if (recordWords > labelFilterWord) int32[record + labelFilterWord] = entry.filterBits;
}

/** How far back every label is held, in ms: one that there was no room for is at least this old. */
export function exactLabelAgeMs(ring: LabelRingPlaces, { float64 }: EntityState, nowMs: number): number {
  const evictedMs = float64[ring.latestEvicted] ?? 0;
  return evictedMs === 0 ? Number.MAX_VALUE : nowMs - evictedMs;
}

/** Frauds among the transactions after one time and until another that some filters accept. */
export function fraudsWithin(
  ring: LabelRingPlaces,
  { float64, int32 }: EntityState,
  within: { readonly afterMs: number; readonly untilMs: number; readonly mask: number },
): number {
  const { afterMs, untilMs, mask } = within;
  let frauds = 0;
  for (let slot = (int32[ring.length] ?? 0) - 1; slot >= 0; slot -= 1) {
    const atMs = float64[ring.times + slot] ?? 0;
    if (atMs <= afterMs) break;
    const record = ring.records + slot * ring.recordWords;
    if (atMs > untilMs || (mask !== 0 && ((int32[record + labelFilterWord] ?? 0) & mask) !== mask)) continue;
    frauds += int32[record + 1] ?? 0;
  }
  return frauds;
}
