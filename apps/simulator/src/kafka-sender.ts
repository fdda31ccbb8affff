import { topicNames } from "@tollgate/contracts";
import { connectKafka, createJsonProducer, type JsonMessage, type JsonProducer } from "@tollgate/event-log";
import type { Logger } from "@tollgate/runtime";
import { simulatorLimits } from "./limits.ts";
import { createInFlight, type Sender } from "./sender.ts";
import type { Tally } from "./tally.ts";

export interface KafkaSenderOptions {
  readonly brokers: readonly string[];
  readonly topicPrefix: string;
  readonly logger: Logger;
  readonly tally: Tally;
}

/** Transactions keyed by card, labels by transaction, each acknowledged by all replicas. */
export function createKafkaSender({ brokers, topicPrefix, logger, tally }: KafkaSenderOptions): Sender {
  const kafka = connectKafka({ brokers, clientId: "tollgate-simulator", logger });
  const topics = topicNames(topicPrefix);
  const transactions = createJsonProducer({ kafka, topic: topics.transactions, logger });
  const labels = createJsonProducer({ kafka, topic: topics.labels, logger });
  const inFlight = createInFlight();

  const deliver = async (
    producer: JsonProducer,
    messages: readonly JsonMessage[],
    count: (taken: boolean) => void,
  ): Promise<void> => {
    try {
      await producer.send(messages);
      count(true);
    } catch (error) {
      tally.lastFailure = (error as Error).message;
      count(false);
    } finally {
      inFlight.leave(messages.length);
    }
  };
  const transactionBatches = createLingering((messages) =>
    deliver(transactions, messages, (taken) => {
      if (taken) tally.sentKafka += messages.length;
      else tally.failedKafka += messages.length;
    }),
  );
  const labelBatches = createLingering((messages) =>
    deliver(labels, messages, (taken) => {
      if (taken) tally.labelsSent += messages.length;
      else tally.labelsFailed += messages.length;
    }),
  );
  return {
    send(events) {
      if (inFlight.count + events.length > simulatorLimits.kafkaInFlight) {
        tally.droppedKafka += events.length;
        tally.lastFailure = `${inFlight.count} records are unacknowledged: the rate is too high for Kafka`;
        return;
      }
      inFlight.enter(events.length);
      transactionBatches.add(events.map((event) => ({ key: event.key, value: event.body })));
    },
    sendLabels(due) {
      inFlight.enter(due.length);
      labelBatches.add(due.map(({ label }) => ({ key: label.transactionId, value: JSON.stringify(label) })));
    },
    room: () => inFlight.atMost(simulatorLimits.kafkaInFlight / 2),
    idle: () => inFlight.atMost(0),
    async stop() {
      await Promise.all([transactions.stop(), labels.stop()]);
    },
  };
}

/** Lets a few more come before they go together: the log's cost is by request, not by record. */
function createLingering(flush: (messages: readonly JsonMessage[]) => Promise<void>): {
  add(messages: readonly JsonMessage[]): void;
} {
  let gathered: JsonMessage[] = [];
  const flushGathered = (): void => {
    const messages = gathered;
    gathered = [];
    void flush(messages);
  };
  return {
    add(messages) {
      if (messages.length === 0) return;
      if (gathered.length === 0) setTimeout(flushGathered, simulatorLimits.kafkaLingerMs);
      gathered.push(...messages);
    },
  };
}
