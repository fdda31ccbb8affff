/** A fault of the command line: its message is for the person who typed it. */
export class ModelsError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "ModelsError";
  }
}
