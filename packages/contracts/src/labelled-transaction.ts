import type { Label } from "./label.ts";

/**
 * What `fraud.labelled-transactions.v1` carries: a change in whether a transaction is believed to be fraud,
 * with the transaction itself. Before its first record a transaction counts as honest; `label.fraud: true`
 * adds a fraud, `false` comes only as a correction and takes it back.
 */
export interface LabelledTransaction {
  readonly schema: "tollgate.labelled-transaction.v1";
  /** Counts from 0 without gaps, in the topic's order; a record that comes again has the same one. */
  readonly sequence: number;
  /** The label that decides: what is believed, by whom and since when. */
  readonly label: Label;
  /** Partition key of the decision (the card). */
  readonly partitionKey: string;
  /** When label and decision had both arrived in the ledger. */
  readonly matchedAt: string;
  /** The transaction as accepted: the engagement's wire shape. */
  readonly transaction: unknown;
}

/** Whether a value of unknown origin is one; only what the platform relies on is looked at. */
export function isLabelledTransaction(value: unknown): value is LabelledTransaction {
  if (typeof value !== "object" || value === null) return false;
  const record = value as Partial<Record<keyof LabelledTransaction, unknown>>;
  if (record.schema !== "tollgate.labelled-transaction.v1") return false;
  const { sequence, label, transaction } = record;
  if (!Number.isSafeInteger(sequence) || (sequence as number) < 0) return false;
  if (typeof transaction !== "object" || transaction === null) return false;
  if (typeof label !== "object" || label === null) return false;
  const { fraud, labelledAt } = label as { readonly fraud?: unknown; readonly labelledAt?: unknown };
  return (
    typeof fraud === "boolean" && typeof labelledAt === "string" && !Number.isNaN(Date.parse(labelledAt))
  );
}
