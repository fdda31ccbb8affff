export type StatisticsErrorCode =
  | "TOO_FEW_VALUES"
  | "VALUE_NOT_FINITE"
  | "NOT_COUNTS"
  | "BINS_DIFFER"
  | "LENGTHS_DIFFER"
  | "OUT_OF_RANGE"
  | "NEEDS_POSITIONS"
  | "NO_CONVERGENCE";

/** What can be wrong with an input, and what to do about it. */
export const statisticsErrors: Readonly<Record<StatisticsErrorCode, string>> = {
  TOO_FEW_VALUES: "There is too little to compute it from. Wait for more values; do not read it as no drift.",
  VALUE_NOT_FINITE: "A value is NaN or infinite. Count missing values apart and leave them out.",
  NOT_COUNTS: "A count is negative or no number. Hand over how often each bin occurred.",
  BINS_DIFFER: "The two histograms have different numbers of bins. Count both with the same bins.",
  LENGTHS_DIFFER:
    "Two lists that belong together differ in length. Hand over one entry of each for each item.",
  OUT_OF_RANGE: "An argument is outside its range. Hand over one inside the range that is named.",
  NEEDS_POSITIONS: "This measure needs to know where the bins lie. Hand over their centres and a scale.",
  NO_CONVERGENCE: "The root search or series did not settle. Check that the arguments are of sane magnitude.",
};

/** An error of the table, with what was wrong in this case. */
export class StatisticsError extends Error {
  readonly code: StatisticsErrorCode;
  constructor(code: StatisticsErrorCode, detail: string) {
    super(`${code}: ${detail}. ${statisticsErrors[code]}`);
    this.name = "StatisticsError";
    this.code = code;
  }
}
