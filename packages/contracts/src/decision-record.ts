/** What the platform says of a transaction. A `decline` is an answer, not an error. */
export type Outcome = "approve" | "review" | "decline";

export const outcomes: readonly Outcome[] = ["approve", "review", "decline"];

/** Which step of the degradation ladder gave the score. */
export type Rung = "model" | "rules";

/** What was left out to answer in time. Empty on a normal day. */
export const degradedParts = ["features", "state-write", "model", "event-log"] as const;

export type DegradedPart = (typeof degradedParts)[number];

/** Why: a rule that fired, a model feature that weighed, or the platform speaking of itself. */
export interface Reason {
  readonly code: string;
  readonly kind: "rule" | "model" | "platform";
  readonly description: string;
}

/** Feast's words for the state of a value read from the online store. */
export type FeatureStatus = "PRESENT" | "NULL_VALUE" | "NOT_FOUND" | "OUTSIDE_MAX_AGE";

/** One entity state that a score was computed from. `version` is its counter: the true order of events. */
export interface StateRead {
  readonly entity: string;
  readonly key: string;
  readonly version: number;
  readonly status: FeatureStatus;
  /**
   * Of a streamed entity: for each partition of the decision log the next offset that was not yet applied,
   * trailing zeros left out. Together with `labelsApplied` it says exactly which events the state held.
   */
  readonly applied?: readonly number[];
  /** Of a streamed entity: the next sequence of the labelled transactions that was not yet applied. */
  readonly labelsApplied?: number;
}

export interface ModelReference {
  readonly name: string;
  readonly version: number;
  /** SHA-256 of the model file, hex. */
  readonly digest: string;
}

/** The stages that are timed, in the order of a transaction's way. */
export const stages = ["recall", "compute", "predict", "decide", "record"] as const;
export type Stage = (typeof stages)[number];

/** What `fraud.decisions.v1` carries: enough to replay the decision to the same bytes. */
export interface DecisionRecord {
  readonly schema: "tollgate.decision.v1";
  readonly transactionId: string;
  /** Partition key of the log: the key of the engagement's first transactional entity (the card). */
  readonly partitionKey: string;
  readonly source: "http" | "kafka";
  readonly occurredAt: string;
  readonly decidedAt: string;
  readonly outcome: Outcome;
  /** Probability of fraud in [0, 1]; null when no model answered (rung `rules`). */
  readonly score: number | null;
  readonly rung: Rung;
  readonly reasons: readonly Reason[];
  readonly model: ModelReference | null;
  /** Hash of the feature layout; equal to the one in the model's manifest. */
  readonly featureSet: string;
  readonly rulesVersion: string;
  readonly degraded: readonly DegradedPart[];
  readonly statesRead: readonly StateRead[];
  /** Generation of the feature store in which the transaction was counted; 0 when it was not. */
  readonly generation: number;
  /** Digest of the layouts of states whose generation that is; absent in records of earlier builds. */
  readonly layout?: string | undefined;
  /** The feature vector: base64 of little-endian float32, in the order of the feature set. */
  readonly vector: string;
  readonly stageMicros: Readonly<Record<Stage, number>>;
  /** The transaction as accepted: the engagement's wire shape. */
  readonly transaction: unknown;
}

/** What a caller gets back: the decision without the material for replay. */
export interface DecisionAnswer {
  readonly transactionId: string;
  readonly decision: Outcome;
  readonly score: number | null;
  readonly reasons: readonly Reason[];
  readonly model: { readonly name: string; readonly version: number } | null;
  readonly featureSet: string;
  readonly rung: Rung;
  readonly degraded: readonly DegradedPart[];
  readonly decidedAt: string;
  readonly stageMicros: Readonly<Record<Stage, number>>;
}

export function answerOf(record: DecisionRecord): DecisionAnswer {
  return {
    transactionId: record.transactionId,
    decision: record.outcome,
    score: record.score,
    reasons: record.reasons,
    model: record.model === null ? null : { name: record.model.name, version: record.model.version },
    featureSet: record.featureSet,
    rung: record.rung,
    degraded: record.degraded,
    decidedAt: record.decidedAt,
    stageMicros: record.stageMicros,
  };
}
