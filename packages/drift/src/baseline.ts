import type { DriftWindowKind } from "@tollgate/contracts";
import type { CounterLayout } from "./counter-layout.ts";
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
  /** How many windows' labels it holds: those of the first weeks lack the late ones. */
  readonly labelWindows: number;
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
  const { oldestMs } = counters;
  const firstLabelsMs = completeLabelsMs(counters);
  let weeks = 0;
  let labelWeeks = 0;
  let hours = 0;
  for (let back = 1; back <= driftLimits.baselineWeeks; back += 1) {
    const startMs = firstMs - back * weekMs;
    if (startMs + lengthMs <= oldestMs) break;
    const past = counters.window({
      segment,
      fromMs: startMs,
      untilMs: startMs + lengthMs,
      includes: isHealthy,
    });
    hours += past.hours;
    if (past.hours < (lengthMs / hourMs) * wholeShare) continue;
    weeks += 1;
    if (startMs >= firstLabelsMs) labelWeeks += 1;
    else removeArrivals(counters.layout, past);
    addInto(counts, past.counts);
    addInto(sums, past.sums);
  }
  if (weeks < driftLimits.baselineWeeksMin || hours === 0) return undefined;
  if (labelWeeks < driftLimits.baselineWeeksMin) removeArrivals(counters.layout, { counts, sums });
  const perWeek = lengthMs / windowLengthMs[kind];
  return { source: "history", counts, sums, windows: weeks * perWeek, labelWindows: labelWeeks * perWeek };
}

/** From then on labels of every delay up to the horizon can arrive. */
export function completeLabelsMs({ oldestMs, layout }: DriftCounters): number {
  return oldestMs + layout.labelHorizonMs;
}

/** Takes away what labels say: it cannot be compared. */
export function removeArrivals(
  { groups, sums: places }: CounterLayout,
  { counts, sums }: Pick<Baseline, "counts" | "sums">,
): void {
  for (const { clock, first, histogram } of groups) {
    if (clock === "arrival") counts.fill(0, first, first + histogram.slots);
  }
  sums.fill(0, places.labelsArrived, places.labelsArrived + 2);
}

/** A past window lacking more of its hours (an outage, drift in part of it) is left out. */
const wholeShare = 0.9;

/** What the model was made from, as far as it knows; of labels only where the window can have late ones. */
export function referenceBaseline(
  { layout, fromMs }: WindowCounts,
  options: { readonly completeLabelsMs: number },
): Baseline {
  const counts = new Float64Array(layout.slots);
  for (const { first, reference } of layout.groups) if (reference !== undefined) counts.set(reference, first);
  const baseline = { source: "reference", counts, sums: new Float64Array(layout.sumSlots) } as const;
  if (fromMs < options.completeLabelsMs) removeArrivals(layout, baseline);
  return { ...baseline, windows: Number.NaN, labelWindows: Number.NaN };
}

function addInto(target: Float64Array, source: Float64Array): void {
  for (let slot = 0; slot < target.length; slot += 1)
    target[slot] = (target[slot] ?? 0) + (source[slot] ?? 0);
}
