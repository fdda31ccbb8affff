import type { FiguresReport } from "@tollgate/runtime";
import type { DecisionCheck } from "./check-decisions.ts";
import type { LeftOut } from "./left-out.ts";
import type { PartFigures, CurvePoint } from "./measure-run.ts";
import type { UsageSample } from "./process-usage.ts";

/** One promise, and what became of it. */
export interface Verdict {
  readonly what: string;
  readonly promised: string;
  readonly reached: string;
  readonly passed: boolean;
}

/** A moment drawn into the curves. */
export interface Mark {
  readonly atSeconds: number;
  readonly text: string;
}

/** CPU of one part during the measured time. */
export interface CpuShare {
  readonly part: string;
  /** Of one core. */
  readonly cores: number;
  /** Microseconds a transaction. */
  readonly microsEach: number;
}

/** Shares of the machine's CPU in the measured time. */
export interface TakenShares {
  /** By the host of this virtual machine. */
  readonly byHost: number;
  /** By processes here that do not belong to the run. */
  readonly byOthers: number;
}

/** Everything that a run is printed and drawn from. */
export interface LoadResult {
  readonly profile: string;
  readonly description: string;
  /** What ran, on what: machine, versions, commit, payload. */
  readonly facts: readonly (readonly [string, string])[];
  readonly parts: readonly PartFigures[];
  readonly reasons: Readonly<Record<string, number>>;
  readonly leftOut: readonly LeftOut[];
  readonly cpu: readonly CpuShare[];
  readonly usage: readonly UsageSample[];
  readonly taken: TakenShares;
  readonly check: DecisionCheck;
  readonly verdicts: readonly Verdict[];
  readonly curve: readonly CurvePoint[];
  readonly marks: readonly Mark[];
  readonly promisedMs: number;
  readonly notes: readonly string[];
  readonly report: FiguresReport;
}
