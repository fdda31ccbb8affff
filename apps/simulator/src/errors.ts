import type { ErrorEntry } from "@tollgate/contracts";

export type SimulatorErrorCode = "OPTION_INVALID" | "FILE_UNREADABLE" | "FILE_DAMAGED" | "COLUMNS_MISSING";

/** What can go wrong before or while simulating, and what to do about it. */
const simulatorErrors: Readonly<Record<SimulatorErrorCode, ErrorEntry>> = {
  OPTION_INVALID: {
    status: 400,
    retryable: false,
    message: "An option is wrong. Run with --help for all of them.",
  },
  FILE_UNREADABLE: { status: 400, retryable: false, message: "The file cannot be read. Check its path." },
  FILE_DAMAGED: { status: 400, retryable: false, message: "The file is damaged. Get it again." },
  COLUMNS_MISSING: {
    status: 400,
    retryable: false,
    message: "The file is not of that data set. Choose another --dataset, or another file.",
  },
};

/** An error of the table, with what exactly is wrong. */
export class SimulatorError extends Error {
  readonly code: SimulatorErrorCode;
  constructor(code: SimulatorErrorCode, detail: string) {
    super(`${detail}. ${simulatorErrors[code].message}`);
    this.name = "SimulatorError";
    this.code = code;
  }
}
