import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { LaunchContext } from "./service-definition.ts";

/** Writes `server.properties` of the one-node cluster and returns its path. */
export function writeKafkaConfiguration(context: LaunchContext): string {
  mkdirSync(context.folder, { recursive: true });
  const path = join(context.folder, "server.properties");
  const lines = Object.entries(kafkaProperties(context)).map(([key, value]) => `${key}=${value}`);
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
}

function kafkaProperties(context: LaunchContext): Readonly<Record<string, string | number | boolean>> {
  const broker = `PLAINTEXT://127.0.0.1:${context.port}`;
  const controller = `127.0.0.1:${context.secondPort}`;
  return {
    "process.roles": "broker,controller",
    "node.id": 1,
    "controller.quorum.voters": `1@${controller}`,
    listeners: `${broker},CONTROLLER://${controller}`,
    "advertised.listeners": broker,
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "PLAINTEXT",
    "log.dirs": join(context.folder, "data"),
    "auto.create.topics.enable": false,
    "num.partitions": 1,
    "group.initial.rebalance.delay.ms": 0,
    // A consumer that was killed is noticed soon where its session asks for that.
    "group.min.session.timeout.ms": 1_000,
    // A broker that was killed is let in again only when its old session has ended; the default is 9 s.
    "broker.session.timeout.ms": 3_000,
    "broker.heartbeat.interval.ms": 500,
    // The only voter elects itself: it need not wait a second for others.
    "controller.quorum.election.timeout.ms": 100,
    ...singleReplica,
    ...smallMachine,
  };
}

const singleReplica = {
  "default.replication.factor": 1,
  "offsets.topic.replication.factor": 1,
  "transaction.state.log.replication.factor": 1,
  "transaction.state.log.min.isr": 1,
  "share.coordinator.state.topic.replication.factor": 1,
  "share.coordinator.state.topic.min.isr": 1,
} as const;

/** Fifty internal partitions and a 128 MiB cleaner buffer are for clusters, not for a laptop. */
const smallMachine = {
  "offsets.topic.num.partitions": 4,
  "transaction.state.log.num.partitions": 4,
  "num.network.threads": 2,
  "num.io.threads": 4,
  "log.cleaner.dedupe.buffer.size": 16 * 1024 * 1024,
} as const;
