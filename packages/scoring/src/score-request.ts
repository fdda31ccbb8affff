import type { BaseTransaction, DecisionAnswer } from "@tollgate/contracts";
import type { Trace } from "@tollgate/telemetry";
import type { ScoringError } from "./errors.ts";
import type { Predictor } from "./scoring-plan.ts";

/** One transaction that passed validation. */
export interface ScoreRequest<T extends BaseTransaction> {
  readonly transaction: T;
  readonly source: "http" | "kafka";
  /** The version that the caller chose; undefined for the one that serves everybody. */
  readonly predictor?: Predictor | undefined;
  /** True when nobody waits for the answer any more; asked until the transaction is counted. */
  readonly isGone?: () => boolean;
  /** Where its steps are noted; undefined while tracing is off. */
  readonly trace?: Trace | undefined;
}

/** What became of it. Already recorded: in the decision log, or durably on its way there. */
export interface Scored {
  readonly answer: DecisionAnswer;
  /** The answer as JSON. */
  readonly json: string;
  /** True when this id had been decided before: the first decision again, nothing was counted twice. */
  readonly repeated: boolean;
}

/** The same for one transaction of several: the others may have their answers all the same. */
export type Outcome = Scored | ScoringError;
