import type { DriftWindowKind } from "@tollgate/contracts";
import type { DriftCounters } from "./drift-counters.ts";
import { driftLimits } from "./limits.ts";
import type { WindowCounts } from "./window-counts.ts";
import { weekMs, windowLengthMs } from "./window-kind.ts";

const { hourMs } = driftLimits;

/** Counters that a window is compared with. */
export interface Baseline {
  readonly source: "history" | "reference";
  readonly counts: Float64Array;
  readonly sums: Float64Array;
  /** How many windows' time it holds; NaN for the reference, which may be a sample. */
  readonly windows: number;
}

/**
 * The same hours of the week in healthy weeks before; undefined when there are too few. A quarter of an
 * hour is compared with whole hours: its tiles are not kept so long.
 */
export function historyBaseline(
  counters: DriftCounters,
  options: {
    readonly segment: number;
    readonly kind: DriftWindowKind;
    readonly fromMs: number;
    readonly isHealthy: (hourStartMs: number) => boolean;
  },
): Baseline | undefined {
  const { segment, kind, fromMs, isHealthy } = options;
  const lengthMs = Math.max(hourMs, windowLengthMs[kind]);
  const firstMs = Math.floor(fromMs / hourMs) * hourMs;
  const { slots, sumSlots } = counters.layout;
  const counts = new Float64Array(slots);
  const sums = new Float64Array(sumSlots);
  let weeks = 0;
  let hours = 0;
  for (let back = 1; back <= driftLimits.baselineWeeks; back += 1) {
    const startMs = firstMs - back * weekMs;
    if (startMs + lengthMs <= counters.oldestMs) break;
    const past = counters.window({
      segment,
      fromMs: startMs,
      untilMs: startMs + lengthMs,
      includes: isHealthy,
    });
    hours += past.hours;
    if (past.hours < (lengthMs / hourMs) * wholeShare) continue;
    weeks += 1;
    addInto(counts, past.counts);
    addInto(sums, past.sums);
  }
  if (weeks < driftLimits.baselineWeeksMin || hours === 0) return undefined;
  return { source: "history", counts, sums, windows: (weeks * lengthMs) / windowLengthMs[kind] };
}

/** A past window lacking more of its hours (an outage, drift in part of it) is left out. */
const wholeShare = 0.9;

/** What the model was made from, as far as it knows; undefined without rows. */
export function referenceBaseline({ layout }: WindowCounts): Baseline {
  const counts = new Float64Array(layout.slots);
  for (const { first, reference } of layout.groups) if (reference !== undefined) counts.set(reference, first);
  return { source: "reference", counts, sums: new Float64Array(layout.sumSlots), windows: Number.NaN };
}

function addInto(target: Float64Array, source: Float64Array): void {
  for (let slot = 0; slot < target.length; slot += 1)
    target[slot] = (target[slot] ?? 0) + (source[slot] ?? 0);
}
