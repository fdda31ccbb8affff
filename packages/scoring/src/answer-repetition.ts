import type { BaseTransaction, DecisionAnswer } from "@tollgate/contracts";
import { isOfAnotherKey, type StoredDecision } from "@tollgate/feature-store";
import type { Row } from "./batch.ts";
import { ScoringError } from "./errors.ts";

/**
 * What whoever sends an id again is told: the first decision; or, where that is of another card, that the id
 * is taken. A decision that was kept without its card is given to whoever asks, as it always was.
 */
export function answerRepetition<T extends BaseTransaction>(
  row: Row<T>,
  { answer: json, mark }: StoredDecision,
): void {
  if (isOfAnotherKey(mark, row.partitionKey)) {
    row.failure = new ScoringError("TRANSACTION_ID_TAKEN");
    return;
  }
  row.scored = { answer: JSON.parse(json) as DecisionAnswer, json, repeated: true };
}
