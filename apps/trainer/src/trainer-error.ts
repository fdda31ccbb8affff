/** Something that the person at the command can mend; its message says how. */
export class TrainerError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "TrainerError";
  }
}
