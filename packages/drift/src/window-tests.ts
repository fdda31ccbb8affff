import type { DriftAspect, DriftSubject } from "@tollgate/contracts";
import { aspectFigures, rateFigure, type AspectFigure } from "./aspect-figures.ts";
import type { Baseline } from "./baseline.ts";
import type { CounterGroup } from "./counter-layout.ts";
import type { DriftSettings } from "./drift-settings.ts";
import { totalOf, type WindowCounts } from "./window-counts.ts";

/** Everything that is tested of one watched thing in one window. */
export interface WatchedTests {
  readonly name: string;
  readonly subject: DriftSubject;
  /** Undefined for counts of events, which have no histogram. */
  readonly group: CounterGroup | undefined;
  readonly figures: readonly AspectFigure[];
  readonly counts: { readonly window: Float64Array; readonly baseline: Float64Array };
}

/** Key of a test's spread. */
export function testKey({ name }: Pick<WatchedTests, "name">, aspect: DriftAspect): string {
  return `${name}/${aspect}`;
}

/**
 * Compares a window with a baseline in everything that is watched; what has too few values has no figures.
 */
export function windowTests(
  window: WindowCounts,
  baseline: Baseline,
  settings: Pick<DriftSettings, "minimumDecisions" | "minimumLabels">,
): readonly WatchedTests[] {
  const tests = window.layout.groups.map((group): WatchedTests => {
    const end = group.first + group.histogram.slots;
    const counts = {
      window: window.counts.subarray(group.first, end),
      baseline: baseline.counts.subarray(group.first, end),
    };
    const least = group.clock === "event" ? settings.minimumDecisions : settings.minimumLabels;
    const isEnough = Math.min(totalOf(counts.window), totalOf(counts.baseline)) >= least;
    const figures = isEnough ? aspectFigures(group, counts.window, counts.baseline) : [];
    return { name: group.name, subject: group.subject, group, figures, counts };
  });
  return baseline.source === "history" ? [...tests, ...rateTests(window, baseline, settings)] : tests;
}

/** How many decisions, and how many labels of fraud: only past windows know what is usual. */
function rateTests(
  window: WindowCounts,
  baseline: Baseline,
  { minimumDecisions, minimumLabels }: Pick<DriftSettings, "minimumDecisions" | "minimumLabels">,
): readonly WatchedTests[] {
  const { outcome, sums } = window.layout;
  const decisions = (counts: Float64Array): number =>
    totalOf(counts.subarray(outcome.first, outcome.first + outcome.histogram.slots));
  const rate = (
    name: string,
    of: Readonly<Record<"window" | "baseline" | "windows", number>> & { readonly subject: DriftSubject },
    least: number,
  ): WatchedTests => ({
    name,
    subject: of.subject,
    group: undefined,
    counts: { window: Float64Array.of(of.window), baseline: Float64Array.of(of.baseline) },
    figures: of.baseline / of.windows >= least ? [rateFigure(of.window, of.baseline, of.windows)] : [],
  });
  return [
    rate(
      "traffic:decisions",
      {
        subject: "traffic",
        window: decisions(window.counts),
        baseline: decisions(baseline.counts),
        windows: baseline.windows,
      },
      minimumDecisions,
    ),
    rate(
      "labels:frauds",
      {
        subject: "label",
        window: window.sums[sums.labelsArrived] ?? 0,
        baseline: baseline.sums[sums.labelsArrived] ?? 0,
        windows: baseline.labelWindows,
      },
      minimumLabels,
    ),
  ];
}
