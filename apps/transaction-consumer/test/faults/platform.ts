import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { topicNames, type TopicNames } from "@tollgate/contracts";
import { brokerList, connectKafka, ensureTopics } from "@tollgate/event-log";
import { silentLogger, type Environment } from "@tollgate/runtime";
import { freePort, spawnApp, type SpawnedApp } from "@tollgate/testkit";

/** The platform's processes on a test's own names, each of which may be killed and started again. */
export interface Platform {
  readonly environment: Environment;
  readonly topics: TopicNames;
  readonly apiUrl: string;
  readonly apiKey: string;
  startConsumer(): Promise<SpawnedApp>;
  startApi(): Promise<SpawnedApp>;
  startLedger(): Promise<SpawnedApp>;
  /** Stops everything that was started and removes the outboxes. */
  stop(): Promise<void>;
}

export interface PlatformServices {
  readonly kafkaBrokers: readonly string[];
  readonly redisUrl: string;
  readonly postgresUrl: string;
  readonly prefix: string;
}

/** Below the broker's session limit of 6 s a killed consumer's partitions cannot be given on. */
const sessionTimeoutMs = 6_000;

export async function createPlatform(
  services: PlatformServices,
  settings: Environment = {},
): Promise<Platform> {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-fault-"));
  const [apiPort, consumerPort, ledgerPort] = [await freePort(), await freePort(), await freePort()];
  const apiKey = `key-of-${services.prefix}`;
  const topics = topicNames(services.prefix);
  const environment: Environment = {
    TOLLGATE_KAFKA_BROKERS: services.kafkaBrokers.join(","),
    TOLLGATE_REDIS_URL: services.redisUrl,
    TOLLGATE_REDIS_PREFIX: services.prefix,
    TOLLGATE_POSTGRES_URL: services.postgresUrl,
    TOLLGATE_TOPIC_PREFIX: services.prefix,
    TOLLGATE_GROUP_PREFIX: services.prefix,
    TOLLGATE_SESSION_TIMEOUT_MS: String(sessionTimeoutMs),
    TOLLGATE_API_KEYS: JSON.stringify([keyEntry(apiKey)]),
    TOLLGATE_API_HTTP_PORT: String(apiPort),
    TOLLGATE_CONSUMER_HTTP_PORT: String(consumerPort),
    TOLLGATE_LEDGER_HTTP_PORT: String(ledgerPort),
    ...settings,
  };
  const kafka = connectKafka({
    brokers: brokerList(services.kafkaBrokers.join(",")),
    clientId: "platform",
    logger: silentLogger(),
  });
  await ensureTopics(kafka, topics, { partitions: 4, replicationFactor: 1 });
  const apps: SpawnedApp[] = [];
  const start = async (name: string, port: number): Promise<SpawnedApp> => {
    const app = await spawnApp({
      entry: join(appsFolder, name, "src", "main.ts"),
      environment: { ...environment, TOLLGATE_OUTBOX_FOLDER: join(folder, name) },
      readyUrl: `http://127.0.0.1:${port}/readyz`,
    });
    apps.push(app);
    return app;
  };
  return {
    environment,
    topics,
    apiUrl: `http://127.0.0.1:${apiPort}`,
    apiKey,
    startConsumer: () => start("transaction-consumer", consumerPort),
    startApi: () => start("scoring-api", apiPort),
    startLedger: () => start("ledger", ledgerPort),
    async stop() {
      await Promise.all(apps.filter((app) => app.alive()).map((app) => app.stop()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const appsFolder = new URL("../../../", import.meta.url).pathname;

function keyEntry(key: string): Readonly<Record<string, unknown>> {
  return {
    id: "test",
    sha256: createHash("sha256").update(key).digest("hex"),
    scopes: ["score", "labels", "decisions:read"],
    ratePerSecond: 100_000,
    burst: 100_000,
  };
}
