/** Every limit of this package, in one place. Each has the reason for its number. */
export const driftLimits = {
  minuteMs: 60_000,
  hourMs: 3_600_000,
  /** Minute tiles are kept for so long before they become hours: any sliding window of up to two hours. */
  minuteTilesMs: 10_800_000,
  /** Hour tiles: nine weeks, a month to compare with after a month that drifted. */
  hourTilesMs: 5_443_200_000,
  /** Clocks of servers differ by seconds; the engagements refuse transactions beyond this themselves. */
  futureToleranceMs: 300_000,
  /**
   * Past windows of the same hour of the week that make a baseline: two months, as long as tiles are kept.
   */
  baselineWeeks: 8,
  /** Of these, so many must be healthy; one Saturday says nothing of Saturdays. */
  baselineWeeksMin: 2,
  /** Rows of a reference: below, its bins are noise. */
  referenceRowsMin: 1_000,
  /** Draws of a null distribution: the history corrects it anyway, and fifty are drawn for a model. */
  nullDraws: 1_000,
  /** Values of the reference beyond its range, at either end: as rare as an hour's window can show. */
  outermostShare: 0.0005,
  /**
   * Kendall's tau of a feature's days with time, from which it grows (the age of a card does): chance gives
   * it to one feature in a million over four weeks.
   */
  trendTau: 0.6,
  /** Days that make a trend. */
  trendDaysMin: 14,
  /** Bins of a feature: with those of frequent single values at most 40, so that a tile has 172 bytes. */
  featureBins: 20,
  /** Categories of an attribute; rarer ones count as unseen. */
  categories: 38,
  /** Distinct values from which a text field is an identifier and not a category. */
  categoriesOfField: 200,
  /** Segments beside `all`: each costs as much memory as `all`. */
  segments: 16,
  /** Values of one attribute that become segments of their own, the most frequent first. */
  segmentsOfAttribute: 6,
  /** Healthy windows that must have been seen before their spread is believed. */
  spreadWindowsMin: { minutes: 96, hour: 96, day: 14, week: 3 },
  /** Older windows fade from the spread: about two months of each kind, hours less. */
  spreadWindowsMax: { minutes: 672, hour: 672, day: 56, week: 9 },
  /**
   * Figures of windows have longer tails than a normal law (a campaign, a burst of fraud): the spread is read
   * as Student's with at most so many degrees of freedom.
   */
  spreadDegreesMax: 12,
  /** The same for shares of rare values, which come in bursts: below it the variance says nothing. */
  shareDegreesMax: 4,
  /**
   * Conclusive windows in a row that must say so before it is an alarm: a burst at one checkout fills an
   * hour or two and is over, a drift stays. Until then it is a warning.
   */
  confirmingWindows: { minutes: 4, hour: 3, day: 1, week: 1 },
  /** Intervals that drifted, remembered so that they do not become normal. */
  unhealthyIntervals: 1_000,
  /** Bytes of one stored tile: ten times what 60 features take. */
  tileBytes: 262_144,
  /** Bins that a verdict's picture shows for one finding, and findings of a verdict. */
  findings: 64,
} as const;
