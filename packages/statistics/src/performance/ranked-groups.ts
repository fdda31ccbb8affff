import { assertSameLength, at, checkedSample, type Counts, type Numbers } from "../checks.ts";
import { StatisticsError } from "../errors.ts";

/** Positives and negatives among the values of one score, or of one bin; may be expectations. */
export interface RankedGroup {
  readonly positives: number;
  readonly negatives: number;
}

/**
 * Groups of equal score, highest first. `weights[i]` is the (expected) share of positives in item i, 0 or 1
 * if known.
 */
export function groupsOfScores(scores: Numbers, weights: Numbers): readonly RankedGroup[] {
  assertSameLength(scores, weights, "scores and labels");
  const checked = checkedSample(scores, "scores");
  const order = Uint32Array.from(checked, (_, index) => index).toSorted(
    (a, b) => at(checked, b) - at(checked, a),
  );
  const groups: { positives: number; negatives: number }[] = [];
  let previous = Number.NaN;
  for (const index of order) {
    const weight = at(weights, index);
    if (!(weight >= 0 && weight <= 1)) {
      throw new StatisticsError(
        "OUT_OF_RANGE",
        `the label or probability ${index} is ${weight}, must be 0 to 1`,
      );
    }
    if (at(checked, index) !== previous) groups.push({ positives: 0, negatives: 0 });
    previous = at(checked, index);
    const group = groups.at(-1);
    if (group === undefined) continue;
    group.positives += weight;
    group.negatives += 1 - weight;
  }
  return groups;
}

/** Groups of the bins of a score histogram whose bins ascend, highest first; empty bins are left out. */
export function groupsOfHistogram(positives: Counts, negatives: Counts): readonly RankedGroup[] {
  if (positives.length !== negatives.length) {
    const detail = `${positives.length} bins of positives, ${negatives.length} of negatives`;
    throw new StatisticsError("BINS_DIFFER", detail);
  }
  const groups: RankedGroup[] = [];
  for (let bin = positives.length - 1; bin >= 0; bin -= 1) {
    const group = { positives: at(positives, bin), negatives: at(negatives, bin) };
    if (!(group.positives >= 0 && group.negatives >= 0)) {
      throw new StatisticsError("NOT_COUNTS", `bin ${bin} has ${group.positives} and ${group.negatives}`);
    }
    if (group.positives + group.negatives > 0) groups.push(group);
  }
  return groups;
}

/** All positives and negatives of the groups. */
export function totalOfGroups(groups: readonly RankedGroup[]): RankedGroup {
  let positives = 0;
  let negatives = 0;
  for (const group of groups) {
    positives += group.positives;
    negatives += group.negatives;
  }
  return { positives, negatives };
}
