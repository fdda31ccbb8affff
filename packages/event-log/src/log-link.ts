import { decisionName, type DecisionRecord } from "@tollgate/contracts";
import type { Message } from "kafkajs";
import { createBackoff } from "./backoff.ts";
import type { DecisionLogOptions } from "./decision-log.ts";
import { connectFencedProducer, type FencedProducer } from "./fenced-producer.ts";
import { eventLogLimits } from "./limits.ts";
import { settlesWithin } from "./settles-within.ts";
import { createWakeSignal, type WakeSignal } from "./wake-signal.ts";

/** A decision on its way: kafkajs takes what it knows of it, the name is ours. */
export interface DecisionMessage extends Message {
  /** As `decisionName` gives it. */
  readonly name: string;
  readonly value: Buffer;
}

/**
 * The connection to the log: up until its first failure, then down until a new one is made behind it. While
 * a send waits for longer than callers do, it takes nothing more.
 */
export interface LogLink {
  /** Whether it takes what is sent now. */
  readonly connected: boolean;
  /** Settles when the first attempt to connect has ended, well or not. */
  readonly firstAttempt: Promise<void>;
  /** True when Kafka has acknowledged all of them while a caller waits; what it has not may be in the log. */
  send(messages: readonly DecisionMessage[]): Promise<boolean>;
  /** Says that the outbox has something to drain. */
  outboxFilled(): void;
  stop(): Promise<void>;
}

interface LinkState {
  producer: FencedProducer | undefined;
  /** Ends when every producer that failed is really dead. */
  fenced: Promise<unknown>;
  stopping: boolean;
  /** Sends that callers wait for no longer: Kafka may still take them, or fail. */
  overdue: number;
  /** Sent without an answer: they may be in the log. At most one batch for each time that Kafka failed. */
  readonly uncertain: Set<string>;
  /** How many of the oldest in the outbox an earlier process left, of which nothing is known. */
  inherited: number;
  readonly signal: WakeSignal;
}

/** How long the loop sleeps when there is nothing to do; a wake ends it early. */
const idleMs = 60_000;

export function createLogLink(options: DecisionLogOptions): LogLink {
  const state: LinkState = {
    producer: undefined,
    fenced: Promise.resolve(),
    stopping: false,
    overdue: 0,
    uncertain: new Set(),
    inherited: options.outbox.pendingCount,
    signal: createWakeSignal(),
  };
  const firstAttempt = reconnect(state, options);
  const loop = keepLink(state, options, firstAttempt);
  return {
    get connected() {
      return state.producer !== undefined && state.overdue === 0;
    },
    firstAttempt,
    send: (messages) => sendWhileAwaited(messages, state, options),
    outboxFilled: () => state.signal.wake(),
    async stop() {
      state.stopping = true;
      state.signal.wake();
      await loop;
      await state.producer?.close();
      state.producer = undefined;
      await state.fenced;
    },
  };
}

async function sendWhileAwaited(
  messages: readonly DecisionMessage[],
  state: LinkState,
  options: DecisionLogOptions,
): Promise<boolean> {
  if (state.producer === undefined || state.overdue > 0) return false;
  const sent = sendInTime(messages, state, options);
  const patienceMs = options.appendPatienceMs ?? eventLogLimits.appendPatienceMs;
  if (await settlesWithin(sent, patienceMs)) return sent;
  for (const { name } of messages) state.uncertain.add(name);
  state.overdue += 1;
  options.logger.warn("event-log-overdue", { records: messages.length, patienceMs });
  void sent.finally(() => {
    state.overdue -= 1;
    state.signal.wake();
  });
  return false;
}

/** True when Kafka has acknowledged all of them in time; otherwise the link is down. */
async function sendInTime(
  messages: readonly DecisionMessage[],
  state: LinkState,
  options: DecisionLogOptions,
): Promise<boolean> {
  const { producer } = state;
  if (producer === undefined) return false;
  const limitMs = options.appendTimeoutMs ?? eventLogLimits.appendTimeoutMs;
  const inTime = await settlesWithin(producer.send([...messages]), limitMs);
  if (!inTime) for (const message of messages) state.uncertain.add(message.name);
  if (!inTime && state.producer === producer) {
    state.producer = undefined;
    // Until its last request has settled, a failed producer may still write: the drain waits for that.
    state.fenced = Promise.all([state.fenced, producer.close()]);
    options.metrics?.connection?.({ connected: false });
    options.logger.warn("event-log-down", { records: messages.length, limitMs });
    state.signal.wake();
  }
  return inTime;
}

async function keepLink(state: LinkState, options: DecisionLogOptions, first: Promise<void>): Promise<void> {
  await first;
  const backoff = createBackoff(eventLogLimits.reconnectFirstMs, eventLogLimits.reconnectLastMs);
  while (!state.stopping) {
    if (state.producer === undefined) await reconnect(state, options);
    // What is overdue may still come into the log: only then can the drain see what is missing there.
    const takes = state.producer !== undefined && state.overdue === 0;
    const drained = takes && (await drainOutbox(state, options));
    if (drained) backoff.reset();
    const idle = drained && options.outbox.pendingCount === 0;
    // Not woken by each append while Kafka is away: the pause before the next attempt must hold.
    if (idle) await state.signal.sleep(idleMs);
    else if (!state.stopping) await pause(backoff.nextMs(), state);
  }
}

/** A pause that only stopping ends early. */
async function pause(limitMs: number, state: LinkState): Promise<void> {
  const sliceMs = eventLogLimits.reconnectFirstMs;
  for (let left = limitMs; left > 0 && !state.stopping; left -= sliceMs) {
    await new Promise((resolve) => setTimeout(resolve, Math.min(left, sliceMs)));
  }
}

async function reconnect(state: LinkState, options: DecisionLogOptions): Promise<void> {
  try {
    await state.fenced;
    const producer = await connectFencedProducer(options.kafka, options.topics.decisions);
    if (options.outbox.pendingCount > 0) await pause(eventLogLimits.drainSettleMs, state);
    state.producer = producer;
    options.metrics?.connection?.({ connected: true });
    options.logger.info("event-log-up", { outboxPending: options.outbox.pendingCount });
  } catch (error) {
    options.logger.warn("event-log-unreachable", { message: (error as Error).message });
  }
}

async function drainOutbox(state: LinkState, options: DecisionLogOptions): Promise<boolean> {
  if (options.outbox.pendingCount === 0) return true;
  try {
    const records = await options.outbox.drain((payloads) => sendDrained(payloads, state, options));
    options.logger.info("outbox-drained", { records });
    return true;
  } catch (error) {
    options.logger.warn("outbox-drain-stopped", { message: (error as Error).message });
    return false;
  }
}

async function sendDrained(
  payloads: readonly Buffer[],
  state: LinkState,
  options: DecisionLogOptions,
): Promise<void> {
  if (state.stopping) throw new Error("stopping");
  // Its records may be among these, and not in the log yet.
  if (state.overdue > 0) throw new Error("a send to Kafka is overdue");
  const messages = payloads.map(drainedMessage);
  const logged = await loggedAlready(messages, state, options);
  const seen = new Set<string>(logged);
  const missing = messages.filter(({ name }) => !seen.has(name) && seen.add(name));
  for (const batch of batchesWithin(missing, eventLogLimits.batchBytes)) {
    if (!(await sendInTime(batch, state, options))) throw new Error("Kafka did not take the batch");
  }
  for (const { name } of messages) state.uncertain.delete(name);
  state.inherited = Math.max(0, state.inherited - messages.length);
  options.metrics?.drained?.({ records: missing.length, alreadyLogged: messages.length - missing.length });
}

interface DrainedMessage extends DecisionMessage {
  readonly record: DecisionRecord;
}

function drainedMessage(value: Buffer): DrainedMessage {
  const record = JSON.parse(value.toString()) as DecisionRecord;
  return { key: record.partitionKey, value, name: decisionName(record), record };
}

/** Asks only for those that may be in the log: most went to the outbox without having been sent. */
async function loggedAlready(
  messages: readonly DrainedMessage[],
  state: LinkState,
  options: DecisionLogOptions,
): Promise<ReadonlySet<string>> {
  const asked = messages.filter(({ name }, index) => index < state.inherited || state.uncertain.has(name));
  if (options.withoutLogged === undefined || asked.length === 0) return new Set();
  const missing = await options.withoutLogged(asked.map(({ record }) => record));
  const logged = new Set(asked.map(({ name }) => name));
  for (const record of missing) logged.delete(decisionName(record));
  return logged;
}

function batchesWithin(messages: readonly DecisionMessage[], maxBytes: number): readonly DecisionMessage[][] {
  const batches: DecisionMessage[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const message of messages) {
    if (bytes + message.value.length > maxBytes) {
      batches.push([]);
      bytes = 0;
    }
    batches.at(-1)?.push(message);
    bytes += message.value.length;
  }
  return batches;
}
