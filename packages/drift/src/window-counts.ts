import { outcomes, type Outcome } from "@tollgate/contracts";
import type { CounterGroup, CounterLayout } from "./counter-layout.ts";

/** Summed counters of a segment over a stretch of event time. */
export interface WindowCounts {
  readonly layout: CounterLayout;
  readonly counts: Float64Array;
  readonly sums: Float64Array;
  readonly fromMs: number;
  readonly untilMs: number;
  /** Hours with at least one counter. */
  readonly hours: number;
  /** False where minutes were asked for that are only kept as hours by now. */
  readonly complete: boolean;
}

/** The counters of one watched thing: a view. */
export function countsOf({ counts }: WindowCounts, { first, histogram }: CounterGroup): Float64Array {
  return counts.subarray(first, first + histogram.slots);
}

export function totalOf(counts: Float64Array): number {
  let total = 0;
  for (const count of counts) total += count;
  return total;
}

/** Decisions of the window. */
export function decisionsOf(window: WindowCounts): number {
  return totalOf(countsOf(window, window.layout.outcome));
}

/** Decisions by outcome. */
export function outcomesOf(window: WindowCounts): Readonly<Record<Outcome, number>> {
  const counts = countsOf(window, window.layout.outcome);
  return { approve: counts[0] ?? 0, review: counts[1] ?? 0, decline: counts[2] ?? 0 };
}

/** The mean score by the bins' means in the reference; null without a score. */
export function meanScoreOf(window: WindowCounts): number | null {
  const { score } = window.layout;
  const counts = countsOf(window, score);
  let sum = 0;
  let total = 0;
  for (let slot = 0; slot < score.histogram.missing; slot += 1) {
    const count = counts[slot] ?? 0;
    sum += count * scoreOfSlot(score, slot);
    total += count;
  }
  return total > 0 ? sum / total : null;
}

/** What a score in that counter is on average. */
export function scoreOfSlot({ bins, histogram }: CounterGroup, slot: number): number {
  if (bins.kind !== "numeric") return Number.NaN;
  if (slot === histogram.below) return bins.lowest;
  return slot === histogram.above ? bins.highest : (bins.centres[slot - histogram.firstBin] ?? bins.highest);
}

/** By outcome, from a place in `sums`. */
export function sumsByOutcome({ sums }: WindowCounts, first: number): Readonly<Record<Outcome, number>> {
  const [approve = 0, review = 0, decline = 0] = outcomes.map((_, place) => sums[first + place] ?? 0);
  return { approve, review, decline };
}
