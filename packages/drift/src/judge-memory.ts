import type { DriftWindowKind } from "@tollgate/contracts";
import type { JudgeState } from "./drift-judge.ts";
import { driftLimits } from "./limits.ts";
import type { Spread, SpreadTable } from "./reference-profile.ts";
import { noSpread, widenSpread } from "./spread.ts";
import { windowStart } from "./window-kind.ts";
import { testKey, type WatchedTests } from "./window-tests.ts";

/**
 * What a judge remembers between windows. How the windows of a week spread is believed once that week is over
 * and has not drifted: a change too small for one day would else widen, day by day, what it is judged by.
 */
export interface JudgeMemory {
  /** Before a window is judged: believes the week before, where it is over. */
  enter(fromMs: number): void;
  /** False for hours in windows that drifted or were announced. */
  isHealthy(hourStartMs: number): boolean;
  spread(kind: DriftWindowKind): SpreadTable;
  /** Healthy windows of the kind that were compared with past ones. */
  windowsSeen(kind: DriftWindowKind): number;
  /**
   * In how many windows in a row it has drifted, the one from `fromMs` on included, where it does in that
   * one.
   */
  streak(kind: DriftWindowKind, feature: string, fromMs: number): number;
  remember(window: {
    readonly kind: DriftWindowKind;
    readonly fromMs: number;
    readonly untilMs: number;
    readonly isHealthy: boolean;
    /** Names of what drifted in it, confirmed or not; undefined where nothing could be said. */
    readonly drifting: readonly string[] | undefined;
    /** Against past windows; empty when there were too few. */
    readonly tests: readonly WatchedTests[];
  }): void;
  accept(untilMs: number): void;
  state(): JudgeState;
}

export function createJudgeMemory(initial: JudgeState): JudgeMemory {
  let believed = spreadsOf(initial.spread);
  const { weekMs: trialWeekMs, hasDrifted, spread } = initial.trial ?? { ...untried, spread: initial.spread };
  let trial = { weekMs: trialWeekMs, hasDrifted, spreads: spreadsOf(spread) };
  const judgedUntil = new Map(Object.entries(initial.judgedUntilMs));
  const streaks = new Map<string, Readonly<Record<string, number>>>(Object.entries(initial.streaks));
  let unhealthy = [...initial.unhealthy];
  return {
    enter(fromMs) {
      const weekMs = windowStart("week", fromMs);
      if (weekMs <= trial.weekMs) return;
      if (!trial.hasDrifted) believed = trial.spreads;
      trial = { weekMs, hasDrifted: false, spreads: copyOf(believed) };
    },
    isHealthy: (hourStartMs) =>
      !unhealthy.some(
        ([fromMs, untilMs]) => hourStartMs + driftLimits.hourMs > fromMs && hourStartMs < untilMs,
      ),
    spread: (kind) => Object.fromEntries(believed.get(kind) ?? []),
    windowsSeen: (kind) => believed.get(kind)?.get(`outcome/distribution`)?.[0] ?? 0,
    streak(kind, feature, fromMs) {
      const before = streaks.get(kind)?.[feature] ?? 0;
      return fromMs < (judgedUntil.get(kind) ?? -Infinity) ? Math.max(1, before) : before + 1;
    },
    remember({ kind, fromMs, untilMs, isHealthy, drifting, tests }) {
      if (fromMs < (judgedUntil.get(kind) ?? -Infinity)) return;
      judgedUntil.set(kind, untilMs);
      if (drifting !== undefined) {
        const before = streaks.get(kind) ?? {};
        streaks.set(kind, Object.fromEntries(drifting.map((name) => [name, (before[name] ?? 0) + 1])));
      }
      if (kind === "week" && (drifting ?? []).length > 0) trial = { ...trial, hasDrifted: true };
      if (!isHealthy) {
        unhealthy = joined([...unhealthy, [fromMs, untilMs]]).slice(-driftLimits.unhealthyIntervals);
        return;
      }
      const table = trial.spreads.get(kind) ?? new Map<string, Spread>();
      trial.spreads.set(kind, table);
      for (const watched of tests) {
        for (const { aspect, figure } of watched.figures) {
          const key = testKey(watched, aspect);
          const widened = widenSpread(table.get(key) ?? noSpread, figure, driftLimits.spreadWindowsMax[kind]);
          table.set(key, widened);
        }
      }
    },
    accept(untilMs) {
      unhealthy = unhealthy
        .map(([from, until]) => [Math.max(from, untilMs), until] as const)
        .filter(([from, until]) => from < until);
    },
    state: () => ({
      ...initial,
      spread: recordOf(believed),
      trial: { weekMs: trial.weekMs, hasDrifted: trial.hasDrifted, spread: recordOf(trial.spreads) },
      judgedUntilMs: Object.fromEntries(judgedUntil),
      streaks: Object.fromEntries(streaks),
      unhealthy,
    }),
  };
}

/** Before the first window. */
const untried = { weekMs: -1, hasDrifted: false };

type Spreads = Map<string, Map<string, Spread>>;

function spreadsOf(tables: JudgeState["spread"]): Spreads {
  return new Map(Object.entries(tables).map(([kind, table]) => [kind, new Map(Object.entries(table))]));
}

function copyOf(spreads: Spreads): Spreads {
  return new Map(Array.from(spreads, ([kind, table]) => [kind, new Map(table)]));
}

function recordOf(spreads: Spreads): JudgeState["spread"] {
  return Object.fromEntries(Array.from(spreads, ([kind, table]) => [kind, Object.fromEntries(table)]));
}

/** Overlapping and touching intervals as one, in order. */
function joined(
  intervals: readonly (readonly [fromMs: number, untilMs: number])[],
): (readonly [fromMs: number, untilMs: number])[] {
  const result: [number, number][] = [];
  for (const [from, until] of intervals.toSorted((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], until);
    else result.push([from, until]);
  }
  return result;
}
