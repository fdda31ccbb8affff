import { fileURLToPath } from "node:url";
import { topicNames, type TopicNames } from "@tollgate/contracts";
import { createDriftCounters, type DriftCounters } from "@tollgate/drift";
import { connectKafka, createJsonProducer, ensureTopics, type JsonMessage } from "@tollgate/event-log";
import type { Environment } from "@tollgate/runtime";
import { silentLogger } from "@tollgate/runtime";
import { serviceTest, spawnApp, type ServiceFixtures, type SpawnedApp } from "@tollgate/testkit";
import type { Pool } from "pg";
import type { TestAPI } from "vitest";
import { observeDecision } from "../src/observe.ts";
import { readPosition } from "../src/store/partition-store.ts";
import { readDecision } from "../src/read-decision.ts";
import { compiled, profile } from "./test-engagement.ts";

const logger = silentLogger();
const monitorEntry = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const ledgerEntry = fileURLToPath(new URL("../../ledger/src/main.ts", import.meta.url));

interface MonitorFixtures {
  /** Created before the test. */
  topics: TopicNames;
  send: (topic: string, messages: readonly JsonMessage[]) => Promise<void>;
  /** Starts a monitor, or a ledger, as a process of its own; stopped after the test. */
  startMonitor: (settings?: Environment) => Promise<SpawnedApp>;
  startLedger: () => Promise<SpawnedApp>;
}

/** `test` with real services and monitors that can be started and killed. */
export const monitorTest: TestAPI<ServiceFixtures & MonitorFixtures> = serviceTest.extend<MonitorFixtures>({
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
  startMonitor: async ({ kafkaBrokers, prefix, postgresUrl }, use) => {
    const { start, stopAll } = starter(monitorEntry, { kafkaBrokers, prefix, postgresUrl });
    await use((settings = {}) => start({ TOLLGATE_DRIFT_LATENESS_MINUTES: "0", ...settings }));
    await stopAll();
  },
  startLedger: async ({ kafkaBrokers, prefix, postgresUrl }, use) => {
    const { start, stopAll } = starter(ledgerEntry, { kafkaBrokers, prefix, postgresUrl });
    await use(() => start({}));
    await stopAll();
  },
});

function starter(
  entry: string,
  services: Pick<ServiceFixtures, "kafkaBrokers" | "prefix" | "postgresUrl">,
): { start(settings: Environment): Promise<SpawnedApp>; stopAll(): Promise<void> } {
  const started: SpawnedApp[] = [];
  const common = {
    TOLLGATE_KAFKA_BROKERS: services.kafkaBrokers.join(","),
    TOLLGATE_POSTGRES_URL: services.postgresUrl,
    TOLLGATE_TOPIC_PREFIX: services.prefix,
    TOLLGATE_GROUP_PREFIX: services.prefix,
    TOLLGATE_LEDGER_HTTP_PORT: "0",
    TOLLGATE_DRIFT_HTTP_PORT: "0",
    TOLLGATE_DRIFT_API_PORT: "0",
    // A killed monitor's partitions move on after this.
    TOLLGATE_SESSION_TIMEOUT_MS: "6000",
  };
  return {
    async start(settings) {
      const app = await spawnApp({ entry, environment: { ...common, ...settings } });
      started.push(app);
      return app;
    },
    async stopAll() {
      for (const app of started) await app.stop();
    },
  };
}

/** Where an app said that it listens, of its log's line with this event. */
export function addressOf(app: SpawnedApp, event: string): string | undefined {
  const line = app
    .logs()
    .split("\n")
    .find((one) => one.includes(`"event":"${event}"`));
  if (line === undefined) return undefined;
  const { host, port } = JSON.parse(line) as { readonly host: string; readonly port: number };
  return `http://${host}:${port}`;
}

/** Records of a topic that are counted, over all partitions. */
export async function countedOf(postgres: Pool, topic: string): Promise<number> {
  const offsets = await Promise.all(
    [0, 1, 2].map((partition) => readPosition(postgres, { topic, partition })),
  );
  return offsets.reduce((sum, { nextOffset }) => sum + Number(nextOffset), 0);
}

/** True when nothing waits to be folded into the tiles. */
export async function isFolded(postgres: Pool): Promise<boolean> {
  const { rows } = await postgres.query<{ count: string }>("select count(*) from drift.deltas");
  return rows[0]?.count === "0";
}

/** The champion's tiles as PostgreSQL holds them: place and bytes, in their own order. */
export async function storedTiles(postgres: Pool): Promise<readonly string[]> {
  const { rows } = await postgres.query<{ place: string; bytes: Buffer }>(
    `select segment || '/' || width_ms || '/' || start_ms as place, bytes from drift.tiles
     where model = $1 and version = $2`,
    [profile.model.name, profile.model.version],
  );
  return rows.map(({ place, bytes }) => `${place} ${bytes.toString("base64")}`).toSorted();
}

/** The same, counted here one by one: what any number of monitors must come to. */
export function expectedTiles(messages: readonly JsonMessage[]): readonly string[] {
  const counters = createDriftCounters(profile);
  for (const { value } of messages) count(counters, value);
  return counters
    .tiles()
    .map(({ key, bytes }) => {
      const place = `${key.segment}/${key.widthMs}/${key.startMs}`;
      return `${place} ${Buffer.from(bytes ?? []).toString("base64")}`;
    })
    .toSorted();
}

function count(counters: DriftCounters, value: string | Buffer): void {
  const read = readDecision(Buffer.from(value));
  if (!read.ok) return;
  const observation = observeDecision(read.record, profile, compiled.engagement);
  counters.count(observation, Date.parse(read.record.decidedAt));
}
