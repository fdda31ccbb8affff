import { loadLimits } from "./limits.ts";
import { undecidedGate } from "./load-error.ts";
import type { TakenShares } from "./load-result.ts";

/**
 * `kept`: all promises; `missed`: a service level; `disturbed`: a service level, while others had
 * processors of the machine; `wrong`: a decision was lost, wrong or not recorded.
 */
export type RunOutcome = "kept" | "missed" | "disturbed" | "wrong";

/** What a gate decides. `undecided`: the machine let no run be judged. */
export type GateVerdict = "passed" | "failed" | "undecided";

export const exitCodes: Readonly<Record<GateVerdict, number>> = {
  passed: 0,
  failed: 1,
  undecided: undecidedGate,
};

export function outcomeOf(run: {
  readonly passed: boolean;
  /** No decision was lost, wrong or unrecorded. */
  readonly complete: boolean;
  readonly taken: TakenShares;
}): RunOutcome {
  if (!run.complete) return "wrong";
  if (run.passed) return "kept";
  const { byHost, byOthers } = run.taken;
  const isDisturbed = byHost > loadLimits.takenByHostMax || byOthers > loadLimits.takenByOthersMax;
  return isDisturbed ? "disturbed" : "missed";
}

/**
 * What the runs so far decide; undefined: another run is needed. A latency that was missed once may be the
 * machine's, one that is missed in two of three runs is not; a lost decision is never the machine's.
 */
export function gateOf(runs: readonly RunOutcome[]): GateVerdict | undefined {
  const count = (outcome: RunOutcome): number => runs.filter((run) => run === outcome).length;
  if (count("wrong") > 0 || count("missed") >= 2) return "failed";
  if (count("kept") >= 2 || (count("kept") === 1 && count("missed") === 0)) return "passed";
  return runs.length >= loadLimits.gateRuns ? "undecided" : undefined;
}
