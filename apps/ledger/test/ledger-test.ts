import { fileURLToPath } from "node:url";
import { topicNames, type TopicNames } from "@tollgate/contracts";
import { connectKafka, createJsonProducer, ensureTopics, type JsonMessage } from "@tollgate/event-log";
import { silentLogger, type Environment } from "@tollgate/runtime";
import { serviceTest, spawnApp, type ServiceFixtures, type SpawnedApp } from "@tollgate/testkit";
import type { TestAPI } from "vitest";

const logger = silentLogger();
const entry = fileURLToPath(new URL("../src/main.ts", import.meta.url));

interface LedgerFixtures {
  /** Created before the test. */
  topics: TopicNames;
  send: (topic: string, messages: readonly JsonMessage[]) => Promise<void>;
  /** Starts a ledger as a process of its own; stopped after the test. */
  startLedger: (settings?: Environment) => Promise<SpawnedApp>;
}

/** `test` with real services and ledgers that can be started and killed. */
export const ledgerTest: TestAPI<ServiceFixtures & LedgerFixtures> = serviceTest.extend<LedgerFixtures>({
  topics: async ({ kafkaBrokers, prefix }, use) => {
    const topics = topicNames(prefix);
    const kafka = connectKafka({ brokers: kafkaBrokers, clientId: "test", logger });
    await ensureTopics(kafka, topics, { partitions: 3, replicationFactor: 1 });
    await use(topics);
  },
  send: async ({ kafkaBrokers }, use) => {
    const kafka = connectKafka({ brokers: kafkaBrokers, clientId: "test", logger });
    await use(async (topic, messages) => {
      const producer = createJsonProducer({ kafka, topic, logger });
      await producer.send(messages);
      await producer.stop();
    });
  },
  startLedger: async ({ kafkaBrokers, prefix, postgresUrl }, use) => {
    const started: SpawnedApp[] = [];
    const environment = {
      TOLLGATE_KAFKA_BROKERS: kafkaBrokers.join(","),
      TOLLGATE_POSTGRES_URL: postgresUrl,
      TOLLGATE_TOPIC_PREFIX: prefix,
      TOLLGATE_GROUP_PREFIX: prefix,
      TOLLGATE_LEDGER_HTTP_PORT: "0",
    };
    await use(async (settings = {}) => {
      const ledger = await spawnApp({ entry, environment: { ...environment, ...settings } });
      started.push(ledger);
      return ledger;
    });
    for (const ledger of started) await ledger.stop();
  },
});
