import type { BaseTransaction } from "@tollgate/contracts";
import type { CompiledEngagement } from "@tollgate/engagement";
import type { FeatureStore } from "@tollgate/feature-store";
import type { Clock } from "@tollgate/runtime";

/** What bringing the log into the store needs. */
export interface LogApplier<T extends BaseTransaction> {
  readonly engagement: CompiledEngagement<T>;
  readonly store: FeatureStore<T>;
  readonly clock: Clock;
  readonly observer: ApplierObserver;
}

/** What it tells of itself, for metrics. */
export interface ApplierObserver {
  /** States that another writer changed underneath; each is tried again on the newer one. */
  conflicts(count: number): void;
  /** From a decision to its being seen in a state of the entity. */
  freshness(entity: string, milliseconds: number): void;
  /** Records that told again of a transaction that was counted already. */
  repetitions(count: number): void;
  /** Labelled transactions that were brought into states. */
  labelsApplied(count: number): void;
}
