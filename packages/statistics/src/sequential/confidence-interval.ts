/** An interval that holds the truth with the stated confidence. */
export interface ConfidenceInterval {
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
}
