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
import type { FirstDecisions } from "./first-decisions.ts";
import type { LogIndex } from "./log-index.ts";

/** The model as the pipeline uses it. */
export interface Predictor {
  readonly reference: ModelReference;
  readonly thresholds: Thresholds;
  /** For each input of the model its column in the engagement's vector. */
  readonly columns: Int32Array;
  /**
   * Fraud probabilities of `rows` inputs, in order. Rejects when it cannot answer by the deadline; the
   * transactions are then decided by rules alone.
   */
  predict(inputs: Float32Array, rows: number, deadline: Deadline | undefined): Promise<Float32Array>;
}

/** Where decisions are made durable: the event log with its outbox. */
export interface DecisionSink {
  append(records: readonly DecisionRecord[]): Promise<"log" | "outbox">;
}

/** What the way tells of itself, for metrics. */
export interface ScoringObserver {
  stage(stage: Stage, micros: number): void;
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
}

/** Everything that is compiled at start; a request only reads it. */
export interface ScoringPlan<T extends BaseTransaction> {
  readonly engagement: CompiledEngagement<T>;
  readonly store: FeatureStore<T>;
  readonly predictor: Predictor;
  readonly sink: DecisionSink;
  readonly firstDecisions: FirstDecisions;
  readonly logIndex: LogIndex;
  readonly clock: Clock;
  readonly observer: ScoringObserver;
}
