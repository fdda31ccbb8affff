/** A fault that the person at the keyboard can mend; the message says how. */
export class LoadError extends Error {
  /** Of the command. */
  readonly exitCode: number;
  constructor(message: string, exitCode = 1) {
    super(message);
    this.name = "LoadError";
    this.exitCode = exitCode;
  }
}

/** Nothing was measured, since no k6 can be had here: EX_UNAVAILABLE of sysexits(3). */
export const noLoadGenerator = 69;

/** The machine let no run be judged: EX_TEMPFAIL. */
export const undecidedGate = 75;
