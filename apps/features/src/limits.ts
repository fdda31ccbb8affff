/** Every limit of the command, in one place. */
export const featuresLimits = {
  /** Rows that PostgreSQL hands over at a time: about 8 MB. */
  ledgerRows: 5_000,
  /** Pause between two drawings of the progress line. */
  drawMs: 200,
  /** Features named in the table of `skew`; `--json` has them all. */
  worstFeatures: 20,
} as const;
