/** Something a person must mend; its message says what, and is all that is shown. */
export class FeaturesError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "FeaturesError";
  }
}
