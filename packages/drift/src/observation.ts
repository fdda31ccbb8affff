import type { FeatureStatus, LabelSource, Outcome, Rung } from "@tollgate/contracts";

/** What is counted of one decision. The caller reads it from the decision record; nothing is kept of it. */
export interface DecisionObservation {
  /** Event time. */
  readonly occurredAtMs: number;
  /** The vector, or undefined when the record has none that can be used; `vectorFault` then says why. */
  readonly vector: Float32Array | undefined;
  readonly vectorFault?: VectorFault;
  /** Value of each of the profile's attributes, in its order; undefined where the transaction has none. */
  readonly attributes: readonly (string | undefined)[];
  readonly score: number | null;
  readonly outcome: Outcome;
  readonly rung: Rung;
  /** Amount at stake, in whole minor units of the engagement's currency. */
  readonly valueMinor: number;
  /** Status of each state read. */
  readonly statuses: readonly FeatureStatus[];
}

/** Why a decision's vector cannot be counted. */
export type VectorFault = "absent" | "undecodable" | "wrong-length" | "other-feature-set";
export const vectorFaults: readonly VectorFault[] = [
  "absent",
  "undecodable",
  "wrong-length",
  "other-feature-set",
];

/** A change in what is believed of a decided transaction, joined to its decision by the caller. */
export interface LabelObservation {
  /** Event time of the transaction, when the label became known, and what was decided. */
  readonly occurredAtMs: number;
  readonly labelledAtMs: number;
  readonly source: LabelSource;
  /** What the label says. */
  readonly fraud: boolean;
  /**
   * `added`: the first label of the transaction. `corrected`: a weightier one says otherwise: the earlier is
   * taken back. A label that changes nothing is not handed over.
   */
  readonly change: "added" | "corrected";
  readonly score: number | null;
  readonly outcome: Outcome;
  readonly valueMinor: number;
  readonly attributes: readonly (string | undefined)[];
}

/** What became of an observation; all but `counted` are counted apart, and never lost silently. */
export type CountResult = "counted" | "future" | "too-late" | "bad-time";
