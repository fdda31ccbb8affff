import type { CounterLayout } from "./counter-layout.ts";
import type { CountResult, DecisionObservation, LabelObservation } from "./observation.ts";
import type { WindowCounts } from "./window-counts.ts";

/** A tile's place: one segment, one stretch of event time. */
export interface TileKey {
  /** 0 is `all`; then the profile's segments in their order. */
  readonly segment: number;
  readonly startMs: number;
  /** A minute or an hour: `driftLimits`. */
  readonly widthMs: number;
}

/** A tile for storage. `bytes` undefined: it is empty or gone, delete what was stored. */
export interface StoredTile {
  readonly key: TileKey;
  readonly bytes: Uint8Array | undefined;
}

/** Refusals, for metrics: how often each was not `counted`. */
export type RefusalCounts = Readonly<Record<Exclude<CountResult, "counted">, number>>;

/**
 * Counters of one model version, in tiles of event time. Integers that merge by addition: over replicas, over
 * time, in any order, with the same bytes. Minutes are kept for hours, hours for weeks; what is older than a
 * minute tile may be is counted in its hour. The number of tiles is bounded.
 */
export interface DriftCounters {
  readonly layout: CounterLayout;
  /**
   * Counts a decision in its tiles. `nowMs` is the caller's clock: an event more than
   * `driftLimits.futureToleranceMs` ahead of it is refused, so that one wrong clock cannot age the tiles.
   */
  count(observation: DecisionObservation, nowMs: number): CountResult;
  /**
   * Announces the latest event time of what is counted next: what lies hours before it goes to tiles of an
   * hour at once, not first to those of a minute. The counts are the same.
   */
  expect(newestMs: number): void;
  /** Counts a label in the tile of its decision's event time and in the one of its arrival. */
  countLabel(label: LabelObservation, nowMs: number): CountResult;
  /**
   * The sum of a segment's tiles in [fromMs, untilMs); whole hours, or minutes where those are still kept.
   */
  window(options: {
    readonly segment: number;
    readonly fromMs: number;
    readonly untilMs: number;
    /** Leaves out hours for which it is false. */
    readonly includes?: (hourStartMs: number) => boolean;
  }): WindowCounts;
  /** Latest event time that was counted; -Infinity before the first. */
  readonly newestMs: number;
  /** Earliest event time of any tile; Infinity before the first. */
  readonly oldestMs: number;
  readonly tileCount: number;
  /** Bytes of the counters themselves. */
  readonly byteLength: number;
  readonly refused: RefusalCounts;
  /** Adds another's counters of the same profile to these. */
  merge(other: DriftCounters): void;
  /** Adds a stored tile; throws DriftError BAD_TILE when its bytes are not of this layout. */
  load(key: TileKey, bytes: Uint8Array): void;
  /** Tiles changed or dropped since the last call, for storing; each replica stores its own. */
  takeChanges(): readonly StoredTile[];
  /** Every tile in canonical order: equal counters give equal bytes. */
  tiles(): readonly StoredTile[];
}
