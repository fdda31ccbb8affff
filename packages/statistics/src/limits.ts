/** Every limit of this package, in one place. Each has the reason for its number. */
export const statisticsLimits = {
  /** Cells of the exact Kolmogorov-Smirnov recursion: about 10 ms; beyond, the limit law is 0.005 off. */
  exactCells: 1_000_000,
  /** Pearson's statistic follows chi-square when every expected count reaches this (Cochran's rule). */
  expectedCount: 5,
  /**
   * PSI, Jensen-Shannon and Hellinger follow it later: at 10 expected they pass the 0.1 % point 3 to 4 times
   * too often, at 50 1.4 times, at 100 no more. Below, a bootstrap serves.
   */
  divergenceExpectedCount: 100,
  /** Draws of a null distribution: 10 lie beyond the 0.5 % point, which fixes it within about 3 %. */
  nullDraws: 2_000,
  /** Resamples of a bootstrap interval: DiCiccio and Efron (1996) ask for 1,000 or more. */
  resamples: 2_000,
  /** Default number of bins: the drift of a tenth of the mass shows, and 20 counts fit in 80 bytes. */
  bins: 20,
  /** Halving passes at most the 2,100 binary orders and 53 bits of a double; not settled by then is never. */
  bisectionSteps: 2_200,
  /** Terms of a series or continued fraction: about 5 times the root of the largest sensible parameter. */
  seriesTerms: 10_000,
} as const;
