export type DriftErrorCode =
  | "BAD_TILE"
  | "BAD_STATE"
  | "BAD_REFERENCE_ROWS"
  | "NOT_ALIGNED"
  | "UNKNOWN_SEGMENT";

/** What can go wrong, and what to do about it. */
export const driftErrors: Readonly<Record<DriftErrorCode, string>> = {
  BAD_TILE: "The stored counters are of another model version's profile, or damaged. Delete them.",
  BAD_STATE: "The judge's state is of another segment or version. Begin without it.",
  BAD_REFERENCE_ROWS: "No reference can be made of these rows. Hand over scored rows of healthy weeks.",
  NOT_ALIGNED: "Windows begin and end on whole minutes. Use windowStart().",
  UNKNOWN_SEGMENT: "The profile has no such segment. Use one of segmentNames().",
};

/** An error of the table, with what was wrong in this case. */
export class DriftError extends Error {
  readonly code: DriftErrorCode;
  constructor(code: DriftErrorCode, detail: string) {
    super(`${code}: ${detail}. ${driftErrors[code]}`);
    this.name = "DriftError";
    this.code = code;
  }
}
