import type { Fault } from "./fault.ts";

/** Why a Kafka record could not be scored. */
export type DeadLetterReason =
  | "NOT_UTF8"
  | "NOT_JSON"
  | "TOO_LARGE"
  | "INVALID"
  | "EMPTY"
  | "MODEL_NOT_LOADED"
  | "TRANSACTION_ID_TAKEN";

/** What the dead-letter topic carries: the record as it came, where it came from, and every fault. */
export interface DeadLetter {
  readonly schema: "tollgate.dead-letter.v1";
  readonly reason: DeadLetterReason;
  readonly faults: readonly Fault[];
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly receivedAt: string;
  /** The record's value, base64, so that no byte is lost; cut after {@link deadLetterValueMaxBytes}. */
  readonly valueBase64: string;
  readonly valueBytes: number;
}

/** More than the largest valid transaction (16 KiB), less than Kafka's default record limit (1 MiB). */
export const deadLetterValueMaxBytes = 262_144;

/** A longer key is cut: with a value of that size in base64 a letter must stay below Kafka's limit. */
export const deadLetterKeyMaxBytes = 65_536;
