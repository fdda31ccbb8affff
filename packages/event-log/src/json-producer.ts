import type { Logger } from "@tollgate/runtime";
import type { IHeaders, Kafka } from "kafkajs";
import { createBackoff } from "./backoff.ts";
import { createCoalescer } from "./coalescer.ts";
import { EventLogError } from "./errors.ts";
import { connectFencedProducer, type FencedProducer } from "./fenced-producer.ts";
import { producerLimits, eventLogLimits } from "./limits.ts";
import { createRoom } from "./room.ts";
import { settlesWithin } from "./settles-within.ts";

export interface JsonMessage {
  readonly key: string | Buffer;
  /** JSON text. Passed on as it is. */
  readonly value: string | Buffer;
  readonly timestampMs?: number;
  readonly headers?: IHeaders;
}

/** Sends to one topic: acknowledged by all replicas, in batches, in order, at least once. */
export interface JsonProducer {
  /**
   * Resolves when Kafka has acknowledged all of them; waits while too much is in flight or Kafka is away.
   * @param options.timeoutMs rejects then; the messages may still arrive later.
   * @throws EventLogError `EVENT_LOG_UNAVAILABLE`, `EVENT_LOG_STOPPED`, `RECORD_TOO_LARGE`
   */
  send(messages: readonly JsonMessage[], options?: { readonly timeoutMs?: number }): Promise<void>;
  readonly queuedBytes: number;
  readonly connected: boolean;
  /** Sends what is queued, for at most {@link producerLimits.stopFlushMs}, then rejects the rest. */
  stop(): Promise<void>;
}

export interface JsonProducerOptions {
  readonly kafka: Kafka;
  readonly topic: string;
  readonly logger: Logger;
  readonly queueBytes?: number;
}

interface ProducerState {
  producer: FencedProducer | undefined;
  stopping: boolean;
  ended: boolean;
}

/** Connects at the first send. */
export function createJsonProducer(options: JsonProducerOptions): JsonProducer {
  const state: ProducerState = { producer: undefined, stopping: false, ended: false };
  const maxQueueBytes = options.queueBytes ?? producerLimits.queueBytes;
  const sends = createCoalescer<KafkaMessage, void>({
    flush: (messages) => sendUntilTaken(messages, state, options),
    sizeOf: (message) => message.value.length,
    maxItems: producerLimits.batchRecords,
    maxBytes: producerLimits.batchBytes,
  });
  const room = createRoom(() => sends.queuedBytes < maxQueueBytes);

  const sendAll = async (messages: readonly JsonMessage[], timeoutMs?: number): Promise<void> => {
    const encoded = messages.map((message) => encode(message, options.topic));
    if (!(await room.free(timeoutMs))) throw unavailable(options.topic, timeoutMs);
    try {
      if (state.stopping) throw new EventLogError("EVENT_LOG_STOPPED", `send to ${options.topic} after stop`);
      const added = sends.add(encoded);
      room.check();
      await added;
    } finally {
      room.check();
    }
  };
  return {
    async send(messages, { timeoutMs } = {}) {
      const sent = sendAll(messages, timeoutMs);
      if (timeoutMs === undefined) return sent;
      if (await settlesWithin(sent, timeoutMs)) return;
      await Promise.race([sent, refuseSoon(unavailable(options.topic, timeoutMs))]);
    },
    get queuedBytes() {
      return sends.queuedBytes;
    },
    get connected() {
      return state.producer !== undefined;
    },
    async stop() {
      state.stopping = true;
      await settlesWithin(sends.idle(), producerLimits.stopFlushMs);
      state.ended = true;
      await state.producer?.close();
      state.producer = undefined;
    },
  };
}

interface KafkaMessage {
  readonly key: string | Buffer;
  readonly value: Buffer;
  readonly timestamp?: string;
  readonly headers?: IHeaders;
}

function encode(message: JsonMessage, topic: string): KafkaMessage {
  const value = typeof message.value === "string" ? Buffer.from(message.value) : message.value;
  if (value.length > eventLogLimits.recordBytes) {
    throw new EventLogError("RECORD_TOO_LARGE", `a record for ${topic} has ${value.length} bytes`);
  }
  return {
    key: message.key,
    value,
    ...(message.timestampMs === undefined ? {} : { timestamp: String(message.timestampMs) }),
    ...(message.headers === undefined ? {} : { headers: message.headers }),
  };
}

async function sendUntilTaken(
  messages: readonly KafkaMessage[],
  state: ProducerState,
  options: JsonProducerOptions,
): Promise<void> {
  const backoff = createBackoff(producerLimits.retryFirstMs, producerLimits.retryLastMs);
  while (!state.ended) {
    try {
      state.producer ??= await connectFencedProducer(options.kafka, options.topic);
      await state.producer.send([...messages]);
      return;
    } catch (error) {
      const { topic } = options;
      options.logger.warn("send-retried", {
        topic,
        records: messages.length,
        message: (error as Error).message,
      });
    }
    const failed = state.producer;
    state.producer = undefined;
    await failed?.close();
    await new Promise((resolve) => setTimeout(resolve, backoff.nextMs()));
  }
  throw new EventLogError("EVENT_LOG_STOPPED", `${messages.length} records for ${options.topic} not sent`);
}

function unavailable(topic: string, timeoutMs = Infinity): EventLogError {
  const message = `${topic} did not take a record within ${timeoutMs} ms`;
  return new EventLogError("EVENT_LOG_UNAVAILABLE", message);
}

/** After a turn of the event loop, so that the send's own error is preferred when it has one. */
async function refuseSoon(error: EventLogError): Promise<never> {
  await new Promise((resolve) => setImmediate(resolve));
  throw error;
}
