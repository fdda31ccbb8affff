/** `kept`: all promises; `missed`: a service level; `wrong`: a decision was lost, wrong or not recorded. */
export type RunOutcome = "kept" | "missed" | "wrong";

/**
 * What the runs so far decide; undefined: another run is needed. A latency that was missed once may be the
 * machine's, one that is missed in two of three runs is not; a lost decision is never the machine's.
 */
export function gateOf(runs: readonly RunOutcome[]): boolean | undefined {
  const count = (outcome: RunOutcome): number => runs.filter((run) => run === outcome).length;
  if (count("wrong") > 0 || count("missed") >= 2) return false;
  return count("missed") === 0 || count("kept") >= 2 ? true : undefined;
}
