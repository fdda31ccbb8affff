/** A fault of the local stack that a person can mend: the message says what is wrong and what to do. */
export class StackError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "StackError";
  }
}

/** Another process already holds this stack. */
export class StackBusyError extends StackError {
  constructor(message: string) {
    super(message);
    this.name = "StackBusyError";
  }
}
