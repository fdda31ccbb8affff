import { outcomes, type DriftWindowKind } from "@tollgate/contracts";
import { completeLabelsMs, removeArrivals } from "./baseline.ts";
import { createDriftCounters } from "./create-drift-counters.ts";
import type { DriftCounters } from "./drift-counters.ts";
import { defaultDriftSettings } from "./drift-settings.ts";
import { driftLimits } from "./limits.ts";
import type { ReferenceProfile, Spread, SpreadTable } from "./reference-profile.ts";
import type { ReferenceColumns } from "./reference-rows.ts";
import { noSpread, widenSpread } from "./spread.ts";
import type { WindowCounts } from "./window-counts.ts";
import { weekMs, windowLengthMs, windowStart } from "./window-kind.ts";
import { createTrends } from "./trends.ts";
import { testKey, windowTests, type WatchedTests } from "./window-tests.ts";

const kinds: readonly DriftWindowKind[] = ["hour", "day", "week"];

/**
 * How much each window of the reference differs from the rest of it (NannyML's chunks): until past windows
 * are known, a new window is unusual when it differs more than these do. Rhythms are in it: a Sunday differs.
 */
export function measureDispersion(
  profile: ReferenceProfile,
  columns: ReferenceColumns,
): Pick<ReferenceProfile, "dispersion" | "trending"> {
  const counters = countRows(profile, columns);
  const { hourMs } = driftLimits;
  const oldestMs = Math.ceil(counters.oldestMs / hourMs) * hourMs;
  const newestMs = Math.floor(counters.newestMs / hourMs) * hourMs;
  if (newestMs <= oldestMs) return { dispersion: {}, trending: [] };
  const firstLabelsMs = completeLabelsMs(counters);
  const total = wholeReference(counters, { oldestMs, newestMs, firstLabelsMs });
  const tables: [DriftWindowKind, SpreadTable][] = [];
  const trends = createTrends();
  for (const kind of kinds) {
    const spread = new Map<string, Spread>();
    const lengthMs = windowLengthMs[kind];
    const firstMs = windowStart(kind, oldestMs + lengthMs - 1);
    for (let fromMs = firstMs; fromMs + lengthMs <= newestMs; fromMs += lengthMs) {
      const chunk = counters.window({ segment: 0, fromMs, untilMs: fromMs + lengthMs });
      if (fromMs < firstLabelsMs) removeArrivals(chunk.layout, chunk);
      const tests = compareWithRest(chunk, surroundings(counters, total, { kind, fromMs, newestMs }), total);
      addTests(spread, tests, driftLimits.spreadWindowsMax[kind]);
      if (kind === "day") trends.add(tests);
    }
    if (spread.size > 0) tables.push([kind, Object.fromEntries(Array.from(spread, roundSpread))]);
  }
  return { dispersion: Object.fromEntries(tables), trending: trends.names() };
}

/** Of labels only what arrived since late ones could. */
function wholeReference(
  counters: DriftCounters,
  span: { readonly oldestMs: number; readonly newestMs: number; readonly firstLabelsMs: number },
): WindowCounts {
  const until = { segment: 0, untilMs: span.newestMs };
  const total = counters.window({ ...until, fromMs: span.oldestMs });
  const { hourMs } = driftLimits;
  const fromMs = Math.min(span.newestMs, Math.ceil(span.firstLabelsMs / hourMs) * hourMs);
  const late = counters.window({ ...until, fromMs });
  removeArrivals(counters.layout, total);
  for (const { clock, first, histogram } of counters.layout.groups) {
    if (clock !== "arrival") continue;
    total.counts.set(late.counts.subarray(first, first + histogram.slots), first);
  }
  return total;
}

function countRows(profile: ReferenceProfile, columns: ReferenceColumns): DriftCounters {
  const counters = createDriftCounters(profile);
  const { width, vectors } = columns;
  const lastMs = columns.occurredAtMs.reduce((a, b) => Math.max(a, b), -Infinity);
  for (let row = 0; row < columns.size; row += 1) {
    const occurredAtMs = columns.occurredAtMs[row] ?? Number.NaN;
    const score = columns.scores[row] ?? Number.NaN;
    const common = {
      occurredAtMs,
      attributes: columns.attributes[row] ?? [],
      score: Number.isNaN(score) ? null : score,
      outcome: outcomes[columns.outcomes[row] ?? 0] ?? "approve",
      valueMinor: 0,
    };
    const vector = vectors.subarray(row * width, (row + 1) * width);
    counters.count({ ...common, vector, rung: "model", statuses: [] }, lastMs);
    const label = columns.labels.get(row);
    // A label that came after the last row would age the tiles of those before.
    if (label === undefined || label.labelledAtMs > lastMs) continue;
    counters.countLabel({ ...common, ...label, fraud: columns.frauds[row] === 1, change: "added" }, lastMs);
  }
  return counters;
}

/**
 * What of the reference a chunk is not compared with: its whole week. Neighbours are alike, and the windows
 * to come have none in the reference. Where that would leave too little, the chunk alone.
 */
function surroundings(
  counters: DriftCounters,
  total: WindowCounts,
  of: { readonly kind: DriftWindowKind; readonly fromMs: number; readonly newestMs: number },
): WindowCounts {
  const weekFromMs = Math.max(windowStart("week", of.fromMs), total.fromMs);
  const weekUntilMs = Math.min(windowStart("week", of.fromMs) + weekMs, of.newestMs);
  const rest = total.untilMs - total.fromMs - (weekUntilMs - weekFromMs);
  const isEnough = rest >= (total.untilMs - total.fromMs) / 2;
  const fromMs = isEnough ? weekFromMs : of.fromMs;
  const untilMs = isEnough ? weekUntilMs : of.fromMs + windowLengthMs[of.kind];
  const around = counters.window({ segment: 0, fromMs, untilMs });
  if (fromMs < completeLabelsMs(counters)) removeArrivals(counters.layout, around);
  return around;
}

function compareWithRest(
  chunk: WindowCounts,
  around: WindowCounts,
  total: WindowCounts,
): readonly WatchedTests[] {
  const rest = {
    source: "reference" as const,
    counts: total.counts.map((count, slot) => count - (around.counts[slot] ?? 0)),
    sums: total.sums,
    windows: Number.NaN,
    labelWindows: Number.NaN,
  };
  return windowTests(chunk, rest, defaultDriftSettings);
}

function addTests(spread: Map<string, Spread>, tests: readonly WatchedTests[], windowsMax: number): void {
  for (const watched of tests) {
    for (const { aspect, figure } of watched.figures) {
      const key = testKey(watched, aspect);
      spread.set(key, widenSpread(spread.get(key) ?? noSpread, figure, windowsMax));
    }
  }
}

function roundSpread([key, [windows, mean, squares]]: [string, Spread]): [string, Spread] {
  return [key, [windows, Number(mean.toPrecision(6)), Number(squares.toPrecision(6))]];
}
