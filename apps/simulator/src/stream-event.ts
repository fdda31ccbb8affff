import type { Label } from "@tollgate/contracts";

/** A transaction on its way out, already in its wire form. */
export interface StreamEvent {
  readonly atMs: number;
  readonly transactionId: string;
  /** Key of the log's partition: the card. */
  readonly key: string;
  /** The transaction as JSON text. */
  readonly body: string;
  /** The truth: undefined where nobody knows it. */
  readonly fraud: boolean | undefined;
  readonly label: StreamLabel | undefined;
}

/** A label on its way out, and when it becomes known. */
export interface StreamLabel {
  readonly atMs: number;
  readonly label: Label;
}

/** Where events come from, in the order of their time, some at once. */
export type EventSource = AsyncIterable<readonly StreamEvent[]>;
