import { labelSources } from "@tollgate/contracts";
import { counterLayout, type CounterLayout } from "./counter-layout.ts";
import type { DriftCounters, TileKey } from "./drift-counters.ts";
import { DriftError } from "./errors.ts";
import { labelDelayBins } from "./label-delay.ts";
import { driftLimits } from "./limits.ts";
import type { CountResult, DecisionObservation, LabelObservation } from "./observation.ts";
import type { ReferenceProfile } from "./reference-profile.ts";
import { segmentFinder } from "./segment-finder.ts";
import { outcomePlace, slotFinder, type SlotFinder } from "./slot-finder.ts";
import { sumTiles } from "./sum-tiles.ts";
import { addTile, decodeTile, emptyTile, type Tile } from "./tile.ts";
import { createTileStore, storedTiles, type TileStore } from "./tile-store.ts";

const { futureToleranceMs, hourMs } = driftLimits;

/**
 * Empty counters of a model version. Not thread-safe; cheap to read, `count` allocates only for new tiles.
 */
export function createDriftCounters(profile: ReferenceProfile): DriftCounters {
  const layout = counterLayout(profile);
  const store = createTileStore(layout);
  const finder = slotFinder(layout);
  const segmentsOf = segmentFinder(profile);
  const slots = new Int32Array(layout.groups.length + maximumStates);
  const decoded = emptyTile(layout);
  const refused = { future: 0, "too-late": 0, "bad-time": 0 };
  const admit = (atMs: number, nowMs: number): CountResult => {
    const result = admission(store, atMs, nowMs);
    if (result === "counted") store.advance(atMs);
    else refused[result] += 1;
    return result;
  };
  return {
    layout,
    refused,
    count(observation, nowMs) {
      const result = admit(observation.occurredAtMs, nowMs);
      if (result !== "counted") return result;
      const used = finder.ofDecision(observation, slots);
      const segments = segmentsOf(observation.attributes);
      for (let place = 0; place < segments.length; place += 1) {
        const tile = store.at(segments[place] ?? 0, observation.occurredAtMs);
        countDecision(layout, tile, { slots, used, observation });
      }
      return result;
    },
    expect: (newestMs) => store.advance(newestMs),
    countLabel(label, nowMs) {
      const arrival = admit(label.labelledAtMs, nowMs);
      if (arrival !== "counted") return arrival;
      // Its own tile may be gone by the time a chargeback comes: then only the arrival counts.
      const isKept = admission(store, label.occurredAtMs, nowMs) === "counted";
      for (const segment of segmentsOf(label.attributes)) {
        countArrival({ layout, finder }, store.at(segment, label.labelledAtMs), label);
        if (isKept) countTruth({ layout, finder }, store.at(segment, label.occurredAtMs), label);
      }
      return isKept ? "counted" : "too-late";
    },
    window: (options) => sumTiles(layout, store, options),
    get newestMs() {
      return store.newestMs;
    },
    get oldestMs() {
      return oldestOf(store);
    },
    get tileCount() {
      return store.tileCount;
    },
    get byteLength() {
      return store.tileCount * (4 * layout.slots + 8 * layout.sumSlots);
    },
    merge(other) {
      assertSameLayout(layout, other.layout);
      for (const { key, bytes } of other.tiles()) {
        if (bytes !== undefined) this.load(key, bytes);
      }
      for (const result of ["future", "too-late", "bad-time"] as const)
        refused[result] += other.refused[result];
      store.advance(other.newestMs);
    },
    load(key, bytes) {
      addStored(store, key, decodeTile(layout, bytes, decoded));
    },
    takeChanges: () => store.takeChanges(),
    tiles: () => storedTiles(store),
  };
}

function oldestOf(store: TileStore): number {
  let oldest = Infinity;
  for (const [{ startMs }] of store.entries()) oldest = Math.min(oldest, startMs);
  return oldest;
}

function assertSameLayout(own: CounterLayout, other: CounterLayout): void {
  if (own.slots === other.slots && own.sumSlots === other.sumSlots) return;
  throw new DriftError("BAD_TILE", "the counters to be merged are of another profile");
}

/** States of one decision beyond which they are not counted: one for each entity, and those are few. */
const maximumStates = 16;

function admission(store: TileStore, atMs: number, nowMs: number): CountResult {
  if (!Number.isFinite(atMs)) return "bad-time";
  if (atMs > nowMs + futureToleranceMs) return "future";
  return Math.floor(atMs / hourMs) * hourMs < store.firstHourMs ? "too-late" : "counted";
}

function countDecision(
  { outcome, sums }: CounterLayout,
  tile: Tile,
  counted: {
    readonly slots: Int32Array;
    readonly used: number;
    readonly observation: DecisionObservation;
  },
): void {
  const { slots, used, observation } = counted;
  const { counts } = tile;
  for (let place = 0; place < used; place += 1) {
    const slot = slots[place] ?? outcome.first;
    counts[slot] = (counts[slot] ?? 0) + 1;
  }
  raise(tile.sums, sums.value + outcomePlace[observation.outcome], observation.valueMinor);
}

interface Places {
  readonly layout: CounterLayout;
  readonly finder: SlotFinder;
}

/** In the tile of the label's arrival: how late labels come, and how the model scored what was fraud. */
function countArrival({ layout, finder }: Places, tile: Tile, label: LabelObservation): void {
  if (label.labelledAtMs - label.occurredAtMs >= layout.labelHorizonMs) return;
  raise(tile.sums, layout.sums.labelsArrived + (label.fraud ? 0 : 1), 1);
  if (!label.fraud) return;
  for (const slot of finder.ofFraudLabel(label)) tile.counts[slot] = (tile.counts[slot] ?? 0) + 1;
}

/** In the tile of the decision: what is believed to be fraud. */
function countTruth({ layout, finder }: Places, { sums }: Tile, label: LabelObservation): void {
  const places = layout.sums;
  const isFirst = label.change === "added";
  if (label.fraud && isFirst) {
    const source = labelSources.indexOf(label.source);
    const place = source * labelDelayBins.centres.length + finder.delayBin(label);
    raise(sums, places.delaysByEvent + place, 1);
  }
  // Before its first label a transaction counts as honest: a first label of honesty changes nothing.
  const by = label.fraud ? 1 : isFirst ? 0 : -1;
  const outcome = outcomePlace[label.outcome];
  raise(sums, places.frauds + outcome, by);
  raise(sums, places.fraudValue + outcome, by * label.valueMinor);
  raise(sums, places.fraudsByScore + finder.scoreSlot(label.score), by);
}

function raise(sums: Float64Array, place: number, by: number): void {
  sums[place] = (sums[place] ?? 0) + by;
}

function addStored(store: TileStore, key: TileKey, tile: Tile): void {
  store.advance(key.startMs);
  const target = targetOf(store, key);
  if (target !== undefined) addTile(target, tile);
}

/**
 * A stored minute whose hour has been rolled up by now is added to the hour; an hour that is gone, to none.
 */
function targetOf(store: TileStore, key: TileKey): Tile | undefined {
  if (Math.floor(key.startMs / hourMs) * hourMs < store.firstHourMs) return undefined;
  return key.widthMs === hourMs ? store.of(key) : store.at(key.segment, key.startMs);
}
