import type { Outcome } from "./decision-record.ts";

/** `inconclusive`: too few samples, or nothing to compare with. It is never `ok`. */
export type DriftStatus = "ok" | "warning" | "drifted" | "inconclusive";
export const driftStatuses: readonly DriftStatus[] = ["ok", "warning", "drifted", "inconclusive"];

/**
 * Length of a judged window, in event time, aligned on UTC: 15 minutes, an hour, a day, a week from Monday.
 */
export type DriftWindowKind = "minutes" | "hour" | "day" | "week";
export const driftWindowKinds: readonly DriftWindowKind[] = ["minutes", "hour", "day", "week"];

/** What a watched thing is: an input, what the model or the platform said, or what the labels say. */
export type DriftSubject =
  | "feature"
  | "attribute"
  | "prediction"
  | "decision"
  | "data-quality"
  | "traffic"
  | "label"
  | "performance";

/** In which respect it differs from its baseline. */
export type DriftAspect = "distribution" | "location" | "missing" | "out-of-range" | "unseen" | "rate";

/** What should be done about it, by the policy; it is taken elsewhere. */
export type DriftResponse = "retrain" | "review" | "fall-back" | "nothing";

/** Counts of the same bins, for a picture; what lies beyond or is missing has bins of its own. */
export interface DriftPicture {
  /** What each bin holds: `[3, 7.5)`, `5411`, `missing`, `unseen`. */
  readonly bins: readonly string[];
  readonly baseline: readonly number[];
  readonly window: readonly number[];
}

/** One watched thing that is not as it was. */
export interface DriftFinding {
  /** The feature's name, `transaction:country`, `score`, `outcome`, `labels:delay`, … */
  readonly feature: string;
  readonly subject: DriftSubject;
  readonly status: "warning" | "drifted";
  /** The respect with the strongest evidence. */
  readonly aspect: DriftAspect;
  /**
   * How much, in the aspect's unit: PSI above what chance gives (distribution), probability that a value of
   * the window exceeds one of the baseline less a half (location), difference of shares (missing,
   * out-of-range, unseen), relative change (rate).
   */
  readonly effect: number;
  /**
   * Against the sampling null of the window's size and past healthy windows; before and after the correction.
   */
  readonly pValue: number;
  readonly adjustedPValue: number;
  /** PSI against the model's reference, for comparison with other tools; null where it has none. */
  readonly referenceStabilityIndex: number | null;
  /** Share of the change of the mean score that this feature's change alone explains; null where unknown. */
  readonly scoreChangeShare: number | null;
  readonly picture: DriftPicture;
}

/**
 * What `fraud.drift.v1` carries: the judgement of one window. The same window judged again has the same id.
 */
export interface DriftVerdict {
  readonly schema: "tollgate.drift.v1";
  /** `name@v1/segment/kind/from`: the key of idempotency. */
  readonly verdictId: string;
  readonly model: { readonly name: string; readonly version: number };
  /** `all`, or `attribute=value`. */
  readonly segment: string;
  readonly window: {
    readonly kind: DriftWindowKind;
    /** RFC 3339; the window holds its start and not its end. */
    readonly from: string;
    readonly until: string;
  };
  readonly status: DriftStatus;
  /** For a person: why this status. */
  readonly explanation: string;
  readonly decisions: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly meanScore: number | null;
  /** Compared with healthy past windows of the same hour of the week, or with the model's reference. */
  readonly baseline: { readonly source: "history" | "reference" | "none"; readonly decisions: number };
  /** Tests made, and the level all of them share: expected false alarms a month over windows a month. */
  readonly tests: number;
  readonly level: number;
  /** The weightiest first. */
  readonly findings: readonly DriftFinding[];
  /** Names of what had too few values to be tested. */
  readonly untested: readonly string[];
  /** Name of the announced event (a campaign, a holiday) in the window; such a window never alarms. */
  readonly announced: string | null;
  readonly response: { readonly action: DriftResponse; readonly reason: string };
}

/** Whether a value of unknown origin is one; only what readers rely on is looked at. */
export function isDriftVerdict(value: unknown): value is DriftVerdict {
  if (typeof value !== "object" || value === null) return false;
  const verdict = value as Partial<Record<keyof DriftVerdict, unknown>>;
  return (
    verdict.schema === "tollgate.drift.v1" &&
    typeof verdict.verdictId === "string" &&
    driftStatuses.includes(verdict.status as DriftStatus) &&
    Array.isArray(verdict.findings)
  );
}
