import type { BaseTransaction, DecisionAnswer, Label } from "@tollgate/contracts";
import type { Deadline } from "@tollgate/runtime";
import type { Scored, ScoreRequest } from "@tollgate/scoring";

/**
 * Decides transactions: one answer for each, in order. Takes at most as many as `scoringLimits` says.
 * Rejects with a ScoringError when a decision could not be recorded, or was not begun.
 */
export type Scorer<T extends BaseTransaction> = (
  requests: readonly ScoreRequest<T>[],
  deadline: Deadline,
) => Promise<readonly Scored[]>;

/** Looks a decision up; null when nobody knows it. */
export interface DecisionReader {
  findDecision(transactionId: string): Promise<DecisionAnswer | null>;
}

/** Takes labels; resolves when every one is durable. */
export interface LabelSink {
  append(labels: readonly Label[]): Promise<void>;
}
