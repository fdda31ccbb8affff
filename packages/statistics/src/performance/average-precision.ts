import type { Counts, Numbers } from "../checks.ts";
import type { StatisticalTest } from "../statistical-test.ts";
import type { BoundedFigure } from "./area-under-roc.ts";
import { groupsOfHistogram, groupsOfScores, totalOfGroups, type RankedGroup } from "./ranked-groups.ts";

/**
 * Average precision: Σ (R(k) − R(k−1)) P(k) over the distinct scores, highest first, without interpolation,
 * as scikit-learn; NaN without a positive. A random order gives the share of positives.
 */
export function averagePrecision(scores: Numbers, labels: Numbers): number {
  return precisionOfGroups(groupsOfScores(scores, labels));
}

/**
 * The same from a score histogram with ascending bins: each bin a tie. The exact figure is lowest when each
 * bin's negatives come first, one by one its positives after; highest when its positives come first, tied.
 */
export function averagePrecisionOfHistogram(positives: Counts, negatives: Counts): BoundedFigure {
  const groups = groupsOfHistogram(positives, negatives);
  return {
    value: precisionOfGroups(groups),
    lowest: precisionOfGroups(groups.flatMap(negativesFirst)),
    highest: precisionOfGroups(groups.flatMap(positivesFirst)),
  };
}

/** Average precision of groups of tied scores, highest first. */
export function precisionOfGroups(groups: readonly RankedGroup[]): number {
  const total = totalOfGroups(groups);
  if (!(total.positives > 0)) return Number.NaN;
  let positivesAbove = 0;
  let above = 0;
  let sum = 0;
  for (const { positives, negatives } of groups) {
    positivesAbove += positives;
    above += positives + negatives;
    if (positives > 0) sum += (positives / total.positives) * (positivesAbove / above);
  }
  return sum;
}

function negativesFirst({ positives, negatives }: RankedGroup): readonly RankedGroup[] {
  const single = { positives: 1, negatives: 0 };
  const whole = Math.floor(positives);
  const rest = { positives: positives - whole, negatives: 0 };
  return [{ positives: 0, negatives }, rest, ...Array.from({ length: whole }, () => single)];
}

function positivesFirst({ positives, negatives }: RankedGroup): readonly RankedGroup[] {
  return [
    { positives, negatives: 0 },
    { positives: 0, negatives },
  ];
}

export const averagePrecisionTest: StatisticalTest = {
  name: "average-precision",
  title: "Average precision (AP, area under the precision-recall curve)",
  family: "performance",
  takes: ["scores and labels", "counts"],
  values: ["binary"],
  larger: "better",
  formula: "Σ (R(k) − R(k−1)) P(k)",
  unit: "precision",
  range: [0, 1],
  minimumValues: 100,
  validity: "a few dozen positives, labels matured; compare only where the share of positives is alike",
  source: "Manning et al. (2008), 8.4; scikit-learn",
};
