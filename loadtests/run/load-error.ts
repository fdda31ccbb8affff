/** A fault that the person at the keyboard can mend; the message says how. */
export class LoadError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "LoadError";
  }
}
