import type { DecisionRecord } from "./decision-record.ts";

/** What tells decisions apart: of one id two cards may each have got one, in the same moment (ADR 3). */
export function decisionName({
  transactionId,
  partitionKey,
}: Pick<DecisionRecord, "transactionId" | "partitionKey">): string {
  return `${transactionId}\0${partitionKey}`;
}
