import type { DatasetName } from "./evaluation-options.ts";

/** What a figure must reach at least; the command fails below. */
export const evaluationTargets: Readonly<Record<DatasetName, Readonly<Record<string, number>>>> = {
  handbook: {
    averagePrecision: 0.71,
    // 100 cards on each of seven days: 212 found are the 0.303 that is published, 213 would be 0.304.
    cardPrecisionTop100: 212 / 700,
    aucRoc: 0.89,
    wholeHistoryAveragePrecision: 0.75,
  },
  ulb: { averagePrecision: 0.82, recallAtHalfPercent: 0.84 },
  simulated: { foundShareOfPossible: 0.9 },
};
