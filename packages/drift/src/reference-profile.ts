import type { LabelSource } from "@tollgate/contracts";
import type { CategoryBins, IsotonicCalibration, NullTable, NumericBins } from "@tollgate/statistics";

/**
 * What a model version was made from, as histograms: the file `reference.json` in its folder. Built from
 * rows that the model was not fitted to (validation), else scores and their calibration flatter themselves.
 */
export interface ReferenceProfile {
  readonly schema: "tollgate.reference.v1";
  readonly model: { readonly name: string; readonly version: number };
  /** Hash of the feature layout; vectors of another one are not counted as features. */
  readonly featureSet: string;
  readonly rows: number;
  /** Event times of the first and the last row, RFC 3339. */
  readonly from: string;
  readonly until: string;
  /** In the order of the vector. */
  readonly features: readonly ProfiledFeature[];
  /** Fields of the transaction that are watched as categories beside the vector (`country`). */
  readonly attributes: readonly ProfiledAttribute[];
  /** Segments that are counted apart, beside `all`: each value of these attributes. */
  readonly segments: readonly ProfiledSegment[];
  readonly score: ProfiledScore;
  /** Decisions of approve, review, decline. */
  readonly outcomes: readonly number[];
  /** Delay from decision to label of frauds, by source; counts of `labelDelayEdgesMs`'s bins. */
  readonly labelDelays: Readonly<Record<LabelSource, readonly number[]>>;
  /** Scores of the rows labelled fraud within `labelHorizonMs`, in the score's counters. */
  readonly fraudScores: readonly number[];
  /** How much healthy windows of the reference differ from the rest of it, by kind of window and test. */
  readonly dispersion: Readonly<Record<string, SpreadTable>>;
  /**
   * What moved in one direction all through the reference (the age of a card does). It cannot stay within
   * it: it is compared with past windows only.
   */
  readonly trending: readonly string[];
}

/** By test (`feature/aspect`): the spread of its figure over healthy windows. */
export type SpreadTable = Readonly<Record<string, Spread>>;

/** Number of windows, mean, and sum of squared deviations from it. */
export type Spread = readonly [windows: number, mean: number, squares: number];

/** A numeric column of the vector. */
export interface ProfiledFeature {
  readonly name: string;
  readonly unit: string;
  /** What stands for "cannot be known": counted as missing; null for NaN. */
  readonly missingValue: number | null;
  readonly bins: NumericBins;
  /** Counters of the reference, in the layout of `numericHistogram(bins)`. */
  readonly counts: readonly number[];
  /** Mean score of the reference's rows in each counter; null where there was none. */
  readonly meanScores: readonly (number | null)[];
  /** Null of the Jensen-Shannon distance for windows of any size. */
  readonly null: NullTable;
}

export interface ProfiledAttribute {
  /** As in verdicts: `transaction:country`. */
  readonly name: string;
  /** The transaction's field. */
  readonly field: string;
  readonly bins: CategoryBins;
  readonly counts: readonly number[];
  readonly meanScores: readonly (number | null)[];
  readonly null: NullTable;
}

export interface ProfiledSegment {
  readonly attribute: string;
  readonly value: string;
}

export interface ProfiledScore {
  /** Cut at the reference's quantiles, finer towards 1, and at the thresholds of review and decline. */
  readonly bins: NumericBins;
  /** In the layout of `numericHistogram(bins)`; missing counts decisions without a score. */
  readonly counts: readonly number[];
  readonly thresholds: { readonly review: number; readonly decline: number };
  /** Score to probability, fitted on the labelled rows; null without frauds. */
  readonly calibration: IsotonicCalibration | null;
  readonly null: NullTable;
}
