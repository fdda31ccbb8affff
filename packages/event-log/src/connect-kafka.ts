import { connect } from "node:net";
import type { Logger } from "@tollgate/runtime";
import { Kafka, logLevel, type ISocketFactory } from "kafkajs";
import { kafkaClientLog } from "./kafka-client-log.ts";
import { calmKafkaTimers } from "./kafka-timer.ts";
import { eventLogLimits } from "./limits.ts";
import { quickenKafkaEncoding } from "./quick-kafka-encoding.ts";

export interface KafkaOptions {
  /** `host:port` of each broker to start from. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly logger: Logger;
}

/** A client of the cluster. Nothing is connected yet: producers and consumers do that. */
export function connectKafka(options: KafkaOptions): Kafka {
  calmKafkaTimers();
  quickenKafkaEncoding();
  return new Kafka({
    brokers: [...options.brokers],
    clientId: options.clientId,
    connectionTimeout: eventLogLimits.connectionTimeoutMs,
    requestTimeout: eventLogLimits.requestTimeoutMs,
    socketFactory: promptSocket,
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, factor: 0.2, multiplier: 2, retries: 3 },
    logLevel: logLevel.ERROR,
    logCreator: kafkaClientLog(options.logger),
  });
}

/**
 * kafkajs leaves Nagle's algorithm on: the tail of a large request waits up to 40 ms for the broker's delayed
 * acknowledgement.
 */
const promptSocket: ISocketFactory = ({ host, port, onConnect }) => {
  const socket = connect({ host, port, noDelay: true }, onConnect);
  socket.setKeepAlive(true, eventLogLimits.keepAliveMs);
  return socket;
};

/** The brokers of a setting such as `"a:9092,b:9092"`. */
export function brokerList(setting: string): readonly string[] {
  return setting
    .split(",")
    .map((broker) => broker.trim())
    .filter((broker) => broker !== "");
}
