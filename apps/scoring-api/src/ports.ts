import type { BaseTransaction, DecisionAnswer, Label, Submission } from "@tollgate/contracts";
import type { Deadline } from "@tollgate/runtime";
import type { Outcome, Predictor, ScoreRequest } from "@tollgate/scoring";

/**
 * Decides transactions: one outcome for each, in order. Takes at most as many as `scoringLimits` says.
 * Rejects with a ScoringError when a decision could not be recorded, or was not begun.
 */
export type Scorer<T extends BaseTransaction> = (
  requests: readonly ScoreRequest<T>[],
  deadline: Deadline,
) => Promise<readonly Outcome[]>;

/** The loaded versions of models: one serves everybody, the others are for callers who choose. */
export interface ModelChoice {
  /** Undefined when the version is not loaded. Throws `MODEL_REFERENCE_INVALID`. */
  choose(reference: string): { readonly predictor: Predictor } | undefined;
}

/** Looks a decision up; null when nobody knows it. */
export interface DecisionReader {
  findDecision(transactionId: string): Promise<DecisionAnswer | null>;
}

/** What of a transaction that was handed in is not decided is known here; null when nothing is. */
export interface SubmissionReader {
  find(transactionId: string): Promise<Submission | null>;
}

/** A transaction that is handed in, to be decided later. */
export interface SubmittedTransaction<T extends BaseTransaction> {
  readonly transaction: T;
  /** Reference of the version that is to decide; undefined for the one that serves everybody. */
  readonly model: string | undefined;
  /** URL that is told of the outcome. */
  readonly webhook: string | undefined;
}

/** Takes transactions to be decided later; resolves when the transaction is durable. */
export interface SubmissionSink<T extends BaseTransaction> {
  /** @throws ScoringError TRANSACTION_ID_TAKEN; any other error: it is not known whether it is taken. */
  submit(submitted: SubmittedTransaction<T>): Promise<void>;
}

/** Takes labels; resolves when every one is durable. */
export interface LabelSink {
  append(labels: readonly Label[]): Promise<void>;
}
