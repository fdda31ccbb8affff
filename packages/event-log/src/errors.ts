import type { ErrorEntry } from "@tollgate/contracts";

export type EventLogErrorCode =
  | "OUTBOX_FULL"
  | "OUTBOX_WRITE_FAILED"
  | "OUTBOX_LOCKED"
  | "RECORD_TOO_LARGE"
  | "EVENT_LOG_UNAVAILABLE"
  | "EVENT_LOG_STOPPED"
  | "TOPIC_PARTITIONS_DIFFER";

/** What can go wrong between the platform and its log, and what to do about it. */
export const eventLogErrors: Readonly<Record<EventLogErrorCode, ErrorEntry>> = {
  OUTBOX_FULL: {
    status: 503,
    retryable: true,
    message: "The event log is away and its outbox is full. Nothing was decided; send the transaction again.",
  },
  OUTBOX_WRITE_FAILED: {
    status: 503,
    retryable: true,
    message: "The event log is away and its outbox cannot be written. Check the disk; then send again.",
  },
  OUTBOX_LOCKED: {
    status: 500,
    retryable: false,
    message: "Another process uses this outbox folder. Give each process a folder of its own.",
  },
  RECORD_TOO_LARGE: {
    status: 413,
    retryable: false,
    message: "The record is larger than the event log takes. Send a smaller transaction.",
  },
  EVENT_LOG_UNAVAILABLE: {
    status: 503,
    retryable: true,
    message: "The event log did not take the record in time. Send it again; the same id counts once.",
  },
  EVENT_LOG_STOPPED: {
    status: 503,
    retryable: true,
    message: "This process is stopping. Send the request to another one.",
  },
  TOPIC_PARTITIONS_DIFFER: {
    status: 500,
    retryable: false,
    message: "A topic exists with another number of partitions. Set the same number, or use another prefix.",
  },
};

/** An error of the table, with what happened in this case for the log; `entry` is what a caller may see. */
export class EventLogError extends Error {
  readonly code: EventLogErrorCode;
  readonly entry: ErrorEntry;
  constructor(code: EventLogErrorCode, detail: string, cause?: unknown) {
    super(`${code}: ${detail}`, { cause });
    this.name = "EventLogError";
    this.code = code;
    this.entry = eventLogErrors[code];
  }
}
