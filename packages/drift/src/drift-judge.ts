import type { DriftVerdict, DriftWindowKind } from "@tollgate/contracts";
import type { DriftCounters } from "./drift-counters.ts";
import type { DriftSettings } from "./drift-settings.ts";
import type { ReferenceProfile, SpreadTable } from "./reference-profile.ts";

/** What the judge remembers; plain JSON. One for each segment. */
export interface JudgeState {
  readonly schema: "tollgate.drift-judge.v1";
  readonly model: { readonly name: string; readonly version: number };
  readonly segment: string;
  /** For each kind of window and test: how the figures of healthy windows spread. */
  readonly spread: Readonly<Record<string, SpreadTable>>;
  /** The same with the windows of the present week, which are not believed yet; absent before the first. */
  readonly trial?: {
    readonly weekMs: number;
    readonly hasDrifted: boolean;
    readonly spread: Readonly<Record<string, SpreadTable>>;
  };
  /** End of the latest window of each kind that was judged: judged again it changes nothing here. */
  readonly judgedUntilMs: Readonly<Record<string, number>>;
  /** For each kind: in how many conclusive windows in a row, up to the latest, a thing had drifted. */
  readonly streaks: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Windows that were judged drifted, or announced: they are no baseline. */
  readonly unhealthy: readonly (readonly [fromMs: number, untilMs: number])[];
}

/** Judges windows of one segment of one model version. The same counters and state give the same verdict. */
export interface DriftJudge {
  /**
   * Judges the window of that kind that starts at `fromMs` (see `windowStart`) and remembers it, if
   * healthy, as something to compare with. Judge windows in the order of time, each once it is over and
   * late events have had their time. Judging an older or the same window again gives a verdict and leaves
   * the state alone.
   */
  judge(
    counters: DriftCounters,
    window: { readonly kind: DriftWindowKind; readonly fromMs: number },
  ): DriftVerdict;
  /** Forgets that windows before `untilMs` drifted: the new ways are normal from now on. */
  accept(untilMs: number): void;
  state(): JudgeState;
}

export interface DriftJudgeOptions {
  readonly profile: ReferenceProfile;
  /** `all`, or another of `segmentNames(profile)`; else throws DriftError UNKNOWN_SEGMENT. */
  readonly segment: string;
  readonly settings?: Partial<DriftSettings>;
  /**
   * Of an earlier judge with the same profile and segment; throws DriftError BAD_STATE when it is of another.
   */
  readonly state?: JudgeState | undefined;
}
