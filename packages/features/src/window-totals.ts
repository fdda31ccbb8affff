import type { BaseTransaction } from "@tollgate/contracts";
import type { EntityLayout, LabelRingPlaces, RingPlaces } from "./entity-layout.ts";
import { headEvents, headLatestEvictedMs, type EntityState } from "./entity-state.ts";
import { exactLabelAgeMs, fraudsWithin } from "./label-ring.ts";
import { compileRingTotals, type RingColumn } from "./ring-totals.ts";
import { findTiles, totalOfTiles, type TileSpan } from "./tile-totals.ts";
import type { PlacedColumn, PlacedFamily } from "./tiles.ts";
import { tileWidthMs } from "./tile-width.ts";
import { columnKey, emptyTotal, type Total } from "./totals.ts";
import { filterMask } from "./transaction-reading.ts";

/** Fills `values` with every total of the layout as of a time, in one pass over the ring and the tiles. */
export interface WindowTotals {
  readonly values: Float64Array;
  /** The slots of the ring that a window holds, and which are not later than now; none without a state. */
  readonly firstSlots: Int32Array;
  /** The position among the first slots of a window's age; 0 is the end of all windows. */
  ageOf(windowMs: number): number;
  fill(state: EntityState | null, nowMs: number): void;
}

/** Totals over one span, which share the ages in the ring and the range of tiles. */
interface Span extends TileSpan {
  /** Nothing older than this, in ms: the ring's answer is exact when it reaches back so far. */
  readonly reachMs: number;
  /** Whether the ring of labels must reach back so far, too. */
  readonly needsLabels: boolean;
  readonly parts: readonly Part[];
}

/** One total: where it goes, and where it comes from in the ring's snapshots and in the tiles. */
interface Part {
  readonly total: number;
  /** Counted in the ring of labels, not in the snapshots. */
  readonly isFrauds: boolean;
  /** Where the ring's snapshots hold it. */
  readonly until: number;
  /** What is taken off for a delay; -1 for nothing. */
  readonly from: number;
  readonly column: PlacedColumn;
}

/**
 * Compiles the totals of an entity. Exact from the ring while the ring still holds all of a window; else from
 * tiles, where the total differs by at most the content of the window's oldest tile (and, for a transaction
 * that comes late, of its own). Spans with a delay use whole tiles that had ended by then, never newer ones.
 */
export function compileWindowTotals<T extends BaseTransaction>(
  layout: EntityLayout<T>,
  families: readonly PlacedFamily[],
): WindowTotals {
  const agesMs = agesOf(layout);
  const columns = ringColumnsOf(layout);
  const ring = compileRingTotals(layout.ring, [...columns.values()], agesMs);
  const spans = spansOf(layout, families, { agesMs, columnKeys: [...columns.keys()] });
  const values = new Float64Array(layout.totals.length);
  const empty = Float64Array.from(layout.totals, ({ statistic }) => emptyTotal(statistic));
  const range = { slot: 0, tiles: 0 };
  const hasLabels = layout.labelRing.capacity > 0;
  return {
    values,
    firstSlots: ring.firstSlots,
    ageOf: (windowMs) => agesMs.indexOf(windowMs),
    fill(state, nowMs) {
      if (state === null) {
        values.set(empty);
        ring.firstSlots.fill(0);
        return;
      }
      const exactMs = exactAgeMs(layout.ring, state, nowMs);
      const labelsMs = hasLabels ? Math.min(exactMs, exactLabelAgeMs(layout.labelRing, state, nowMs)) : -1;
      let ages = 0;
      while (ages < agesMs.length && (agesMs[ages] ?? 0) <= exactMs) ages += 1;
      if (layout.ring.capacity > 0) ring.fill(state, nowMs, ages);
      for (let position = 0; position < spans.length; position += 1) {
        const span = spans[position];
        if (span === undefined) continue;
        const isExact = span.reachMs <= (span.needsLabels ? labelsMs : exactMs);
        if (!isExact) findTiles(span, state, nowMs, range);
        for (let row = 0; row < span.parts.length; row += 1) {
          const part = span.parts[row];
          if (part === undefined) continue;
          if (!isExact) values[part.total] = totalOfTiles(part.column, state, range, span.family.slots);
          else if (part.isFrauds)
            values[part.total] = fraudsOf(layout.labelRing, state, { span, part, nowMs });
          else values[part.total] = fromSnapshots(ring.snapshots, part);
        }
      }
    },
  };
}

function fromSnapshots(snapshots: Float64Array, { until, from }: Part): number {
  return (snapshots[until] ?? 0) - (from < 0 ? 0 : (snapshots[from] ?? 0));
}

function fraudsOf(
  ring: LabelRingPlaces,
  state: EntityState,
  { span, part, nowMs }: { readonly span: TileSpan; readonly part: Part; readonly nowMs: number },
): number {
  const untilMs = nowMs - span.delayMs;
  return fraudsWithin(ring, state, { afterMs: untilMs - span.windowMs, untilMs, mask: part.column.mask });
}

/** How far back the ring holds everything: an event that it had no room for is at least this old. */
function exactAgeMs(ring: RingPlaces, state: EntityState, nowMs: number): number {
  if (ring.capacity === 0) return -1;
  const evicted = (state.float64[headEvents] ?? 0) > ring.capacity;
  return evicted ? nowMs - (state.float64[headLatestEvictedMs] ?? 0) : Number.MAX_VALUE;
}

/** The columns of the ring by their key; frauds have a ring of their own. */
function ringColumnsOf<T extends BaseTransaction>(layout: EntityLayout<T>): Map<string, RingColumn> {
  const columns = new Map<string, RingColumn>();
  for (const total of layout.totals) {
    if (total.source === "tiles" || total.statistic === "frauds" || layout.ring.capacity === 0) continue;
    const row = layout.measures.findIndex(({ name }) => name === total.measure?.name);
    columns.set(columnKey(total), {
      statistic: total.statistic,
      mask: filterMask(layout.filters, total.filters),
      word: layout.ring.measureWord + Math.max(0, row),
    });
  }
  return columns;
}

/** The distinct ages at which some span begins or ends, ascending, 0 first. */
function agesOf<T extends BaseTransaction>(layout: EntityLayout<T>): readonly number[] {
  const ages = layout.totals
    .filter(({ source }) => source !== "tiles")
    .flatMap(({ windowMs, delayMs }) => [delayMs, delayMs + windowMs]);
  return [...new Set([0, ...ages, ...layout.categoryWindowsMs])].toSorted((first, second) => first - second);
}

function spansOf<T extends BaseTransaction>(
  layout: EntityLayout<T>,
  families: readonly PlacedFamily[],
  ring: { readonly agesMs: readonly number[]; readonly columnKeys: readonly string[] },
): readonly Span[] {
  const groups = Map.groupBy(layout.totals, (total) =>
    JSON.stringify([total.windowMs, total.delayMs, total.source]),
  );
  return [...groups.values()].flatMap((totals) => {
    const [first] = totals;
    if (first === undefined) return [];
    const { windowMs, delayMs, source } = first;
    const widthMs = tileWidthMs(first, layout.entity.tilesPerWindow);
    const family = families.find((candidate) => candidate.widthMs === widthMs);
    if (family === undefined) throw new Error(`"${layout.entity.name}" keeps no tiles of ${widthMs} ms`);
    const parts = totals.map((total) => partOf(total, { layout, family, ring }));
    const reachMs = source === "tiles" ? Number.POSITIVE_INFINITY : windowMs + delayMs;
    return [{ windowMs, delayMs, reachMs, needsLabels: source === "labels", family, parts }];
  });
}

function partOf<T extends BaseTransaction>(
  total: Total<T>,
  context: {
    readonly layout: EntityLayout<T>;
    readonly family: PlacedFamily;
    readonly ring: { readonly agesMs: readonly number[]; readonly columnKeys: readonly string[] };
  },
): Part {
  const { layout, family, ring } = context;
  const key = columnKey(total);
  const column = family.columns.find((candidate) => candidate.key === key);
  if (column === undefined) throw new Error(`tiles of ${family.widthMs} ms have no column ${key}`);
  const snapshots = ring.columnKeys.indexOf(key) * ring.agesMs.length;
  return {
    total: layout.totals.indexOf(total),
    isFrauds: total.statistic === "frauds",
    until: snapshots + ring.agesMs.indexOf(total.delayMs + total.windowMs),
    from: total.delayMs === 0 ? -1 : snapshots + ring.agesMs.indexOf(total.delayMs),
    column,
  };
}
