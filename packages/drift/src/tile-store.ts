import type { CounterLayout } from "./counter-layout.ts";
import type { StoredTile, TileKey } from "./drift-counters.ts";
import { driftLimits } from "./limits.ts";
import { addTile, emptyTile, encodeTile, isEmptyTile, type Tile } from "./tile.ts";

const { minuteMs, hourMs, minuteTilesMs, hourTilesMs } = driftLimits;

/** The tiles of one model version: minutes that become hours, hours that are dropped; both bounded. */
export interface TileStore {
  /** The tile that counts an event of that time: of its minute if those are still kept, else of its hour. */
  at(segment: number, atMs: number): Tile;
  of(key: TileKey): Tile;
  find(key: TileKey): Tile | undefined;
  /** Moves on to the latest event time: rolls minutes up, drops hours. */
  advance(newestMs: number): void;
  /** Earliest start of a kept hour, and of a kept minute. */
  readonly firstHourMs: number;
  readonly firstMinuteMs: number;
  readonly newestMs: number;
  entries(): Iterable<readonly [TileKey, Tile]>;
  readonly tileCount: number;
  takeChanges(): readonly StoredTile[];
}

interface Entry {
  readonly key: TileKey;
  readonly tile: Tile;
}

/** A key's number: start, width and segment; exact for some 10,000 years. */
function placeOf({ segment, startMs, widthMs }: TileKey): number {
  return ((startMs / minuteMs) * 2 + (widthMs === minuteMs ? 1 : 0)) * 64 + segment;
}

export function createTileStore(layout: CounterLayout): TileStore {
  const entries = new Map<number, Entry>();
  const changed = new Map<number, TileKey>();
  const state = { newestMs: -Infinity, firstHourMs: -Infinity, firstMinuteMs: -Infinity };
  const of = (key: TileKey): Tile => {
    const place = placeOf(key);
    if (!changed.has(place)) changed.set(place, key);
    const known = entries.get(place);
    if (known !== undefined) return known.tile;
    const entry = { key, tile: emptyTile(layout) };
    entries.set(place, entry);
    return entry.tile;
  };
  const drop = (place: number, key: TileKey): void => {
    entries.delete(place);
    changed.set(place, key);
  };
  return {
    of,
    find: (key) => entries.get(placeOf(key))?.tile,
    at(segment, atMs) {
      const widthMs = atMs >= state.firstMinuteMs ? minuteMs : hourMs;
      return of({ segment, startMs: Math.floor(atMs / widthMs) * widthMs, widthMs });
    },
    advance(newestMs) {
      if (newestMs <= state.newestMs) return;
      state.newestMs = newestMs;
      const hour = Math.floor(newestMs / hourMs) * hourMs;
      if (hour - minuteTilesMs === state.firstMinuteMs) return;
      state.firstMinuteMs = hour - minuteTilesMs;
      state.firstHourMs = hour - hourTilesMs;
      for (const [place, { key, tile }] of entries) {
        const { segment, startMs, widthMs } = key;
        if (widthMs === minuteMs && startMs < state.firstMinuteMs) {
          drop(place, key);
          const startOfHour = Math.floor(startMs / hourMs) * hourMs;
          if (startOfHour >= state.firstHourMs) {
            addTile(of({ segment, startMs: startOfHour, widthMs: hourMs }), tile);
          }
        } else if (startMs < state.firstHourMs) drop(place, key);
      }
    },
    get firstHourMs() {
      return state.firstHourMs;
    },
    get firstMinuteMs() {
      return state.firstMinuteMs;
    },
    get newestMs() {
      return state.newestMs;
    },
    *entries() {
      for (const { key, tile } of entries.values()) yield [key, tile] as const;
    },
    get tileCount() {
      return entries.size;
    },
    takeChanges() {
      const taken = [...changed].map(([place, key]) => stored(key, entries.get(place)?.tile));
      changed.clear();
      return taken.toSorted(byPlace);
    },
  };
}

/** In the order of time, then width, then segment: the same for the same tiles. */
export function storedTiles(store: TileStore): readonly StoredTile[] {
  return Array.from(store.entries(), ([key, tile]) => stored(key, tile))
    .filter(({ bytes }) => bytes !== undefined)
    .toSorted(byPlace);
}

function stored(key: TileKey, tile: Tile | undefined): StoredTile {
  return { key, bytes: tile === undefined || isEmptyTile(tile) ? undefined : encodeTile(tile) };
}

function byPlace(left: StoredTile, right: StoredTile): number {
  return placeOf(left.key) - placeOf(right.key);
}
