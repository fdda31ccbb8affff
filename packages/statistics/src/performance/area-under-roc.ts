import type { Counts, Numbers } from "../checks.ts";
import type { StatisticalTest } from "../statistical-test.ts";
import { groupsOfHistogram, groupsOfScores, totalOfGroups, type RankedGroup } from "./ranked-groups.ts";

/** A figure computed from bins, and between what the figure of the exact scores must lie. */
export interface BoundedFigure {
  readonly value: number;
  readonly lowest: number;
  readonly highest: number;
}

/**
 * Area under the ROC curve: the probability that a positive scores above a negative, a tie counting half; NaN
 * where one class is absent. `labels` are 0 or 1. Source: Hanley and McNeil, Radiology 143 (1982).
 */
export function areaUnderRoc(scores: Numbers, labels: Numbers): number {
  return areaOfGroups(groupsOfScores(scores, labels));
}

/**
 * The same from a score histogram with ascending bins: each bin a tie. Whatever the order within the bins,
 * the exact area lies within ± ½ Σ positives·negatives of a bin / (P·N) of it.
 */
export function areaUnderRocOfHistogram(positives: Counts, negatives: Counts): BoundedFigure {
  const groups = groupsOfHistogram(positives, negatives);
  const value = areaOfGroups(groups);
  const total = totalOfGroups(groups);
  const tied = groups.reduce((sum, group) => sum + group.positives * group.negatives, 0);
  const margin = tied / 2 / total.positives / total.negatives;
  return { value, lowest: value - margin, highest: value + margin };
}

/** Area of groups of tied scores, highest first. */
export function areaOfGroups(groups: readonly RankedGroup[]): number {
  const total = totalOfGroups(groups);
  if (!(total.positives > 0 && total.negatives > 0)) return Number.NaN;
  let positivesAbove = 0;
  let pairs = 0;
  for (const { positives, negatives } of groups) {
    pairs += negatives * (positivesAbove + positives / 2);
    positivesAbove += positives;
  }
  return pairs / total.positives / total.negatives;
}

export const areaUnderRocTest: StatisticalTest = {
  name: "area-under-roc",
  title: "Area under the ROC curve (AUC)",
  family: "performance",
  takes: ["scores and labels", "counts"],
  values: ["binary"],
  larger: "better",
  formula: "P(score of a positive > score of a negative) + ½ P(tie)",
  unit: "probability",
  range: [0, 1],
  minimumValues: 100,
  validity: "both classes present, labels matured; says little where positives are rare",
  source: "Hanley and McNeil (1982)",
};
