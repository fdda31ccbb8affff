import type { WatchedTests } from "./window-tests.ts";
import { scoreOfSlot, totalOf } from "./window-counts.ts";

/** Below this change of the mean score, shares of it mean nothing: 5 % of the mean itself. */
const leastRelativeChange = 0.05;

/** By how much the mean score of the window differs from the baseline's; undefined when it hardly does. */
export function scoreChange(tests: readonly WatchedTests[]): number | undefined {
  const watched = tests.find(({ name }) => name === "score");
  const { group } = watched ?? {};
  if (watched === undefined || group === undefined) return undefined;
  const mean = (counts: Float64Array): number => {
    const present = counts.subarray(0, group.histogram.missing);
    const total = totalOf(present);
    return present.reduce((sum, count, slot) => sum + (count / total) * scoreOfSlot(group, slot), 0);
  };
  const baseline = mean(watched.counts.baseline);
  const change = mean(watched.counts.window) - baseline;
  return Math.abs(change) >= leastRelativeChange * baseline ? change : undefined;
}

/**
 * Which share of that change follows from the feature's own change: Σ (q − p) · mean score of a bin in the
 * reference, over the change. 1: it alone explains all of it. Features that move together each explain the
 * same, so shares may sum to more than 1; a negative one works against the change. Null where nothing can
 * be said.
 */
export function scoreChangeShare(
  { group, counts }: Pick<WatchedTests, "group" | "counts">,
  change: number | undefined,
): number | null {
  const means = group?.meanScores;
  const [window, baseline] = [totalOf(counts.window), totalOf(counts.baseline)];
  if (means === undefined || change === undefined || window === 0 || baseline === 0) return null;
  let explained = 0;
  for (let slot = 0; slot < counts.window.length; slot += 1) {
    const mean = means[slot];
    // What the reference never had cannot be attributed; its mass counts as scoring like the rest.
    if (mean === null || mean === undefined) continue;
    explained += ((counts.window[slot] ?? 0) / window - (counts.baseline[slot] ?? 0) / baseline) * mean;
  }
  return explained / change;
}
