import { driftLimits } from "./limits.ts";
import type { WatchedTests } from "./window-tests.ts";

/** Finds what moves in one direction, day after day. */
export interface Trends {
  add(day: readonly WatchedTests[]): void;
  names(): readonly string[];
}

export function createTrends(): Trends {
  const days = new Map<string, number[]>();
  return {
    add(day) {
      for (const { name, figures } of day) {
        const location = figures.find(({ aspect }) => aspect === "location");
        if (location !== undefined) days.set(name, [...(days.get(name) ?? []), location.figure]);
      }
    },
    names: () =>
      [...days]
        .filter(([, figures]) => figures.length >= driftLimits.trendDaysMin)
        .filter(([, figures]) => Math.abs(kendallTau(figures)) >= driftLimits.trendTau)
        .map(([name]) => name),
  };
}

/** Concordant less discordant pairs, over all: 1 for a list that only rises. Source: Kendall (1938). */
function kendallTau(values: readonly number[]): number {
  let balance = 0;
  for (let later = 1; later < values.length; later += 1) {
    for (let earlier = 0; earlier < later; earlier += 1) {
      balance += Math.sign((values[later] ?? 0) - (values[earlier] ?? 0));
    }
  }
  return balance / ((values.length * (values.length - 1)) / 2);
}
