import type { ModelReference } from "@tollgate/contracts";
import type { Thresholds } from "@tollgate/decisioning";
import type { AcceleratorUse } from "./accelerated-session.ts";
import type { ModelCost } from "./measure-cost.ts";

/** Where a model's runs take place: in the thread that serves, or in a worker thread of their own. */
export type Placement = "in-thread" | "worker";

/** A loaded, verified and warmed model. */
export interface ScoringModel {
  readonly reference: ModelReference;
  readonly thresholds: Thresholds;
  /** Hash of the feature set it was trained on. */
  readonly featureSet: string;
  /** Values of one vector. */
  readonly inputSize: number;
  /** Measured at load on this machine. */
  readonly cost: ModelCost;
  readonly placement: Placement;
  /** What runs beside the CPU, and from which batch size. */
  readonly accelerator: AcceleratorUse;
  /** Calls of `score` that are worth having on at once; more of them wait. */
  readonly runsAtOnce: number;
  /**
   * Scores `rows` vectors that lie one after the other in `vectors`, which must not change until the answer.
   * A score is NaN where the model has none; the batcher turns that into an error. Throws BACKEND.
   */
  score(vectors: Float32Array, rows: number): Promise<Float32Array>;
  /** Frees the model's memory; later calls of `score` fail with BACKEND. */
  close(): Promise<void>;
}
