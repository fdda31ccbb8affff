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

  const deliver = async (producer: JsonProducer, messages: readonly JsonMessage[]): Promise<boolean> => {
    inFlight.enter(messages.length);
    try {
      await producer.send(messages);
      return true;
    } catch (error) {
      tally.lastFailure = (error as Error).message;
      return false;
    } finally {
      inFlight.leave(messages.length);
    }
  };
  return {
    send(events) {
      if (events.length === 0) return;
      if (inFlight.count + events.length > simulatorLimits.kafkaInFlight) {
        tally.droppedKafka += events.length;
        tally.lastFailure = `${inFlight.count} records are unacknowledged: the rate is too high for Kafka`;
        return;
      }
      const messages = events.map((event) => ({ key: event.key, value: event.body }));
      void deliver(transactions, messages).then((taken) => {
        if (taken) tally.sentKafka += events.length;
        else tally.failedKafka += events.length;
      });
    },
    sendLabels(due) {
      if (due.length === 0) return;
      const messages = due.map(({ label }) => ({ key: label.transactionId, value: JSON.stringify(label) }));
      void deliver(labels, messages).then((taken) => {
        if (taken) tally.labelsSent += due.length;
        else tally.labelsFailed += due.length;
      });
    },
    room: () => inFlight.atMost(simulatorLimits.kafkaInFlight / 2),
    idle: () => inFlight.atMost(0),
    async stop() {
      await Promise.all([transactions.stop(), labels.stop()]);
    },
  };
}
