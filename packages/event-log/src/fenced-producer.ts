import type { Kafka, Message, Producer } from "kafkajs";
import { quickPartitioner } from "./partition-of-key.ts";

/**
 * An idempotent producer that is used until its first failure and then never again: kafkajs gives the next
 * batch the sequence numbers of a failed one, and a broker that did write the failed one would drop the next
 * silently. For the same reason one send at a time.
 */
export interface FencedProducer {
  /** Resolves when every in-sync replica has the messages; a call waits for the one before it. */
  send(messages: Message[]): Promise<void>;
  /** Resolves when no request of this producer can be sent any more. */
  close(): Promise<void>;
}

/** With the same sequence numbers, so that a lost answer does not write twice; about 1.2 s in all. */
const retry = { initialRetryTime: 50, maxRetryTime: 500, retries: 5 };

export async function connectFencedProducer(kafka: Kafka, topic: string): Promise<FencedProducer> {
  const producer = kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    createPartitioner: quickPartitioner,
    retry,
  });
  try {
    await producer.connect();
  } catch (error) {
    await disconnect(producer);
    throw error;
  }
  let tail: Promise<unknown> = Promise.resolve();
  let unusable: Error | undefined;
  const send = async (messages: Message[]): Promise<void> => {
    if (unusable !== undefined) throw unusable;
    try {
      await producer.send({ topic, messages, acks: -1 });
    } catch (error) {
      unusable = error instanceof Error ? error : new Error(String(error));
      throw error;
    }
  };
  return {
    send(messages) {
      const sent = tail.then(() => send(messages));
      tail = sent.catch(() => undefined);
      return sent;
    },
    async close() {
      unusable ??= new Error("the producer is closed");
      // A send in flight reconnects by itself: only after it has settled is the disconnection final.
      await tail;
      await disconnect(producer);
    },
  };
}

async function disconnect(producer: Producer): Promise<void> {
  try {
    await producer.disconnect();
  } catch {
    // Its sockets are gone already: nothing is left to close.
  }
}
