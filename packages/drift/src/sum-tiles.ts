import type { CounterLayout } from "./counter-layout.ts";
import { DriftError } from "./errors.ts";
import { driftLimits } from "./limits.ts";
import type { Tile } from "./tile.ts";
import type { TileStore } from "./tile-store.ts";
import type { WindowCounts } from "./window-counts.ts";

const { minuteMs, hourMs } = driftLimits;

/** The sum of a segment's tiles in [fromMs, untilMs). */
export function sumTiles(
  layout: CounterLayout,
  store: TileStore,
  options: {
    readonly segment: number;
    readonly fromMs: number;
    readonly untilMs: number;
    readonly includes?: (hourStartMs: number) => boolean;
  },
): WindowCounts {
  const { segment, fromMs, untilMs, includes } = options;
  if (fromMs % minuteMs !== 0 || untilMs % minuteMs !== 0 || !(untilMs >= fromMs)) {
    throw new DriftError("NOT_ALIGNED", `the window goes from ${fromMs} to ${untilMs} ms`);
  }
  const sum = { counts: new Float64Array(layout.slots), sums: new Float64Array(layout.sumSlots) };
  let hours = 0;
  let complete = true;
  const firstHour = Math.floor(fromMs / hourMs) * hourMs;
  for (let hourMsStart = firstHour; hourMsStart < untilMs; hourMsStart += hourMs) {
    if (includes !== undefined && !includes(hourMsStart)) continue;
    const isWhole = hourMsStart >= fromMs && hourMsStart + hourMs <= untilMs;
    let found = false;
    const add = (tile: Tile | undefined): void => {
      if (tile === undefined) return;
      found = true;
      addToSum(sum, tile);
    };
    const hour = store.find({ segment, startMs: hourMsStart, widthMs: hourMs });
    if (isWhole) add(hour);
    else if (hour !== undefined || hourMsStart < store.firstMinuteMs) complete = false;
    if (hourMsStart >= store.firstMinuteMs) {
      const last = Math.min(untilMs, hourMsStart + hourMs);
      for (let startMs = Math.max(fromMs, hourMsStart); startMs < last; startMs += minuteMs) {
        add(store.find({ segment, startMs, widthMs: minuteMs }));
      }
    }
    if (found) hours += 1;
  }
  return { layout, ...sum, fromMs, untilMs, hours, complete };
}

function addToSum(
  sum: { readonly counts: Float64Array; readonly sums: Float64Array },
  { counts, sums }: Tile,
): void {
  for (let slot = 0; slot < counts.length; slot += 1) {
    sum.counts[slot] = (sum.counts[slot] ?? 0) + (counts[slot] ?? 0);
  }
  for (let slot = 0; slot < sums.length; slot += 1)
    sum.sums[slot] = (sum.sums[slot] ?? 0) + (sums[slot] ?? 0);
}
