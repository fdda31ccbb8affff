import { decisionName, type DecisionRecord, type TopicNames } from "@tollgate/contracts";
import type { Clock, Logger } from "@tollgate/runtime";
import type { TraceHeaders } from "@tollgate/telemetry";
import type { Kafka } from "kafkajs";
import { createCoalescer } from "./coalescer.ts";
import { EventLogError } from "./errors.ts";
import { createLogLink, type DecisionMessage, type LogLink } from "./log-link.ts";
import { eventLogLimits } from "./limits.ts";
import type { Outbox } from "./outbox.ts";
import { settlesWithin } from "./settles-within.ts";

/** Where a decision was made durable. */
export type AppendedTo = "log" | "outbox";

/** Kafka headers of records, in their order: where a trace goes on. */
export type RecordHeaders = readonly (TraceHeaders | undefined)[];

/** The log of decisions: `fraud.decisions.v1`, and the outbox while Kafka is away. */
export interface DecisionLog {
  /**
   * Resolves only when every record is durable: acknowledged by Kafka (`"log"`), or on this machine's disk
   * (`"outbox"`, when any of them is there). Calls at the same time share a send.
   * @param headers for each record its Kafka headers; what goes by the outbox loses them.
   * @throws EventLogError `OUTBOX_FULL`, `OUTBOX_WRITE_FAILED`, `RECORD_TOO_LARGE`, `EVENT_LOG_STOPPED`
   */
  append(records: readonly DecisionRecord[], headers?: RecordHeaders): Promise<AppendedTo>;
  /** False while Kafka is away and decisions go to the outbox. */
  readonly connected: boolean;
  /** Records in the outbox that Kafka does not have yet. */
  readonly outboxPending: number;
  /** Sends what is queued, then closes the connection. The outbox stays open: its owner closes it. */
  stop(): Promise<void>;
}

/** What the log tells of itself, for metrics. */
export interface DecisionLogObserver {
  appended?(event: { readonly to: AppendedTo; readonly records: number }): void;
  drained?(event: { readonly records: number; readonly alreadyLogged: number }): void;
  connection?(event: { readonly connected: boolean }): void;
}

export interface DecisionLogOptions {
  readonly kafka: Kafka;
  readonly topics: TopicNames;
  readonly outbox: Outbox;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly metrics?: DecisionLogObserver;
  /** An append goes to the outbox after this; {@link eventLogLimits.appendPatienceMs} when absent. */
  readonly appendPatienceMs?: number;
  /** Kafka counts as away after this; {@link eventLogLimits.appendTimeoutMs} when absent. */
  readonly appendTimeoutMs?: number;
  /**
   * Gives back those of the records that are not in the log yet. Called before outbox records are sent that
   * may be in the log: a send without an answer may have succeeded. Without it such a record is there twice.
   */
  readonly withoutLogged?: (records: readonly DecisionRecord[]) => Promise<readonly DecisionRecord[]>;
}

/** Connects, for at most {@link eventLogLimits.firstConnectMs}; without Kafka it starts on the outbox. */
export async function createDecisionLog(options: DecisionLogOptions): Promise<DecisionLog> {
  const { outbox } = options;
  const link = createLogLink(options);
  const sends = createCoalescer<DecisionMessage, AppendedTo>({
    flush: (messages) => sendOrKeep(messages, options, link),
    sizeOf: (message) => message.value.length,
    maxItems: eventLogLimits.batchRecords,
    maxBytes: eventLogLimits.batchBytes,
  });
  let stopping = false;
  await settlesWithin(link.firstAttempt, eventLogLimits.firstConnectMs);

  return {
    async append(records, headers) {
      if (stopping) throw new EventLogError("EVENT_LOG_STOPPED", "append after stop");
      if (records.length === 0) return "log";
      const messages = records.map((record, position) => messageOf(record, headers?.[position]));
      if (!link.connected || sends.queuedBytes > eventLogLimits.queueBytes) {
        return keep(messages, options, link);
      }
      const places = await sends.add(messages);
      return places.includes("outbox") ? "outbox" : "log";
    },
    get connected() {
      return link.connected;
    },
    get outboxPending() {
      return outbox.pendingCount;
    },
    async stop() {
      stopping = true;
      await settlesWithin(sends.idle(), eventLogLimits.stopFlushMs);
      await link.stop();
    },
  };
}

function messageOf(record: DecisionRecord, headers: TraceHeaders | undefined): DecisionMessage {
  const value = Buffer.from(JSON.stringify(record));
  if (value.length > eventLogLimits.recordBytes) {
    const detail = `decision on ${record.transactionId} has ${value.length} bytes`;
    throw new EventLogError("RECORD_TOO_LARGE", detail);
  }
  const message = { key: record.partitionKey, value, name: decisionName(record) };
  return headers === undefined ? message : { ...message, headers: { ...headers } };
}

async function sendOrKeep(
  messages: readonly DecisionMessage[],
  options: DecisionLogOptions,
  link: LogLink,
): Promise<AppendedTo> {
  if (!(await link.send(messages))) return keep(messages, options, link);
  options.metrics?.appended?.({ to: "log", records: messages.length });
  return "log";
}

async function keep(
  messages: readonly DecisionMessage[],
  options: DecisionLogOptions,
  link: LogLink,
): Promise<AppendedTo> {
  await options.outbox.append(messages.map((message) => message.value));
  options.metrics?.appended?.({ to: "outbox", records: messages.length });
  link.outboxFilled();
  return "outbox";
}
