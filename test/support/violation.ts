/** One place that breaks a house rule, and what to do instead. */
export interface Violation {
  readonly path: string;
  readonly line: number;
  readonly problem: string;
}

/** What a failing test prints: one clickable line each, in reading order. */
export function formatViolations(violations: readonly Violation[]): readonly string[] {
  return violations.map(({ path, line, problem }) => `${path}:${line} ${problem}`).toSorted();
}

/** The 1-based line of an offset. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (
    let index = text.indexOf("\n");
    index !== -1 && index < offset;
    index = text.indexOf("\n", index + 1)
  ) {
    line += 1;
  }
  return line;
}
