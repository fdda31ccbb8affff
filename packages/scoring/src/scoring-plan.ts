import type {
  BaseTransaction,
  DegradedPart,
  FeatureStatus,
  ModelReference,
  Outcome,
  Rung,
  Stage,
  DecisionRecord,
} from "@tollgate/contracts";
import type { Thresholds } from "@tollgate/decisioning";
import type { CompiledEngagement } from "@tollgate/engagement";
import type { FeatureStore } from "@tollgate/feature-store";
import type { Clock, Deadline } from "@tollgate/runtime";
import type { TraceHeaders } from "@tollgate/telemetry";
import type { FirstDecisions } from "./first-decisions.ts";
import type { LogIndex } from "./log-index.ts";

/** A version of a model, and where its scores turn into outcomes. */
export interface ServedVersion {
  readonly reference: ModelReference;
  readonly thresholds: Thresholds;
}

/** Scores and the version that gave them: it may have been replaced before the answer is out. */
export interface Prediction {
  readonly version: ServedVersion;
  readonly scores: Float32Array;
}

/** The model as the pipeline uses it: which version that is may change between two calls. */
export interface Predictor {
  /**
   * Fraud probabilities of vectors of the engagement, in order. Rejects when it cannot answer by the
   * deadline; the transactions are then decided by rules alone.
   */
  predict(vectors: readonly Float32Array[], deadline: Deadline | undefined): Promise<Prediction>;
  /** Milliseconds after which to come again when so many rows would be late by the estimate. */
  refusal(rows: number, deadline: Deadline): number | undefined;
}

/** Where decisions are made durable: the event log with its outbox. */
export interface DecisionSink {
  /** @param headers for each record what its Kafka headers say; absent while nobody is traced. */
  append(
    records: readonly DecisionRecord[],
    headers?: readonly (TraceHeaders | undefined)[],
  ): Promise<"log" | "outbox">;
}

/** What the way tells of itself, for metrics. */
export interface ScoringObserver {
  stage(stage: Stage, micros: number): void;
  /** One call of the model; the scores are in [0, 1]. */
  scored(version: ModelReference, scores: Float32Array): void;
  decided(decision: {
    readonly outcome: Outcome;
    readonly source: "http" | "kafka";
    readonly rung: Rung;
  }): void;
  degraded(part: DegradedPart): void;
  featureStatus(entity: string, status: FeatureStatus): void;
  /** Event time that has passed since the state's last event. */
  featureAge(entity: string, ageMs: number): void;
  stateConflicts(count: number): void;
  claimsResumed(count: number): void;
  /** Transactions whose caller went away before they were counted. */
  canceled(count: number): void;
  /** Transactions that would have been answered too late because of those before them. */
  rejected(count: number): void;
}

/** Everything that is compiled at start; a request only reads it. */
export interface ScoringPlan<T extends BaseTransaction> {
  readonly engagement: CompiledEngagement<T>;
  readonly store: FeatureStore<T>;
  readonly predictor: Predictor;
  /** Whether a loaded version reads the feature set's sequence: only then is it read, and kept in claims. */
  readonly readsSequence: () => boolean;
  readonly sink: DecisionSink;
  readonly firstDecisions: FirstDecisions;
  readonly logIndex: LogIndex;
  readonly clock: Clock;
  readonly observer: ScoringObserver;
}
