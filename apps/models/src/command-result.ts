/** What a command prints: lines for a person, the same as an object for a program. */
export interface CommandResult {
  readonly lines: readonly string[];
  readonly result: unknown;
  /** False ends the process with exit code 1: something that was looked at does not hold. */
  readonly passed: boolean;
}

export function succeeded(lines: readonly string[], result: unknown): CommandResult {
  return { lines, result, passed: true };
}
