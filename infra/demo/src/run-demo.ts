import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { topicNames, type TopicNames } from "@tollgate/contracts";
import { choosePort, progressLine, startStack, type RunningStack } from "@tollgate/local-stack";
import type { Environment } from "@tollgate/runtime";
import { Client } from "pg";
import { startApp, type AppProcess } from "./app-process.ts";
import { createDecisionTally, type DecisionTally } from "./decision-tally.ts";
import { demoLimits } from "./demo-limits.ts";
import type { DemoOptions } from "./demo-options.ts";
import { startSimulator, type SimulatorProcess } from "./simulator-process.ts";
import { watchTopics } from "./watch-topics.ts";

/** Everything that runs during a demo. */
export interface RunningDemo {
  readonly stack: RunningStack;
  readonly apps: readonly AppProcess[];
  readonly simulator: SimulatorProcess;
  readonly postgres: Client;
  readonly tally: DecisionTally;
  readonly idPrefix: string;
  readonly decisionsTopic: string;
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly dashboardsUrl: string;
  /** Of each app that has one, its `/metrics`. */
  readonly metricsUrls: readonly string[];
  /** Stops all of it, the last started first. Idempotent. */
  stop(): Promise<void>;
}

type Say = (line: string) => void;

/** Brings the whole platform up on this machine and lets transactions flow. */
export async function runDemo(
  options: DemoOptions,
  environment: Environment,
  say: Say,
): Promise<RunningDemo> {
  const stopping: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const stopOne of stopping.splice(0).toReversed()) await stopOne();
  };
  try {
    const stack = await startStack({
      name: "demo",
      services: ["kafka", "redis", "postgres", "prometheus"],
      environment,
      lifetime: "owned",
      freshData: true,
      onProgress: (progress) => say(progressLine(progress)),
    });
    stopping.push(() => stack.stop());
    const setting = await settle(stack, environment);
    const apps = await startApps(setting, stopping, say);
    const postgres = new Client({ connectionString: setting.postgresUrl });
    await postgres.connect();
    stopping.push(() => postgres.end());
    const tally = createDecisionTally({
      idPrefix: setting.idPrefix,
      alertsKept: demoLimits.alertsShown,
    });
    const watch = watchTopics({ brokers: stack.service("kafka").url, topics: setting.topics, tally });
    stopping.push(() => watch.stop());
    const simulator = startSimulator({
      arguments: simulatorArguments(options, setting.idPrefix),
      environment: setting.environment,
      logPath: join(setting.logFolder, "simulator.log"),
    });
    stopping.push(async () => {
      simulator.finish();
      await simulator.ended;
    });
    const { idPrefix, apiUrl, apiKey, dashboardsUrl, metricsUrls } = setting;
    const decisionsTopic = setting.topics.decisions;
    const seen = { postgres, tally, idPrefix, decisionsTopic };
    return { stack, apps, simulator, ...seen, apiUrl, apiKey, dashboardsUrl, metricsUrls, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Where everything of this run is found. */
interface Setting {
  readonly environment: Environment;
  /** Begins every id of this run's stream. */
  readonly idPrefix: string;
  readonly topics: TopicNames;
  readonly postgresUrl: string;
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly prometheusUrl: string;
  readonly dashboardsUrl: string;
  readonly probeUrls: Readonly<Record<"api" | "consumer" | "ledger", string>>;
  readonly metricsUrls: readonly string[];
  readonly logFolder: string;
}

/** Names of this run's own, so that services which others use too (given by URL) are not disturbed. */
async function settle(stack: RunningStack, inherited: Environment): Promise<Setting> {
  const run = `demo-${randomBytes(3).toString("hex")}`;
  const taken = new Set<number>();
  const port = async (preferred: number): Promise<number> => (await choosePort({ preferred, taken })).port;
  const ports = { api: await port(8080), consumer: await port(8081), ledger: await port(9103) };
  const dashboardsPort = await port(3000);
  const postgresUrl = await createDatabase(stack.service("postgres").url, run);
  const apiKey = `tollgate_${randomBytes(32).toString("base64url")}`;
  const topicPrefix = `${run}.`;
  const logFolder = join(stack.folder, "logs");
  const url = (number: number): string => `http://127.0.0.1:${number}`;
  const probeUrls = { api: url(ports.api), consumer: url(ports.consumer), ledger: url(ports.ledger) };
  mkdirSync(logFolder, { recursive: true });
  letPrometheusScrape(stack.folder, ports);
  return {
    environment: {
      PATH: inherited["PATH"],
      HOME: inherited["HOME"],
      TOLLGATE_KAFKA_BROKERS: stack.service("kafka").url,
      TOLLGATE_REDIS_URL: stack.service("redis").url,
      TOLLGATE_REDIS_PREFIX: `${run}:`,
      TOLLGATE_POSTGRES_URL: postgresUrl,
      TOLLGATE_TOPIC_PREFIX: topicPrefix,
      TOLLGATE_PARTITIONS: String(demoLimits.partitions),
      TOLLGATE_GROUP_PREFIX: run,
      TOLLGATE_API_HTTP_PORT: String(ports.api),
      TOLLGATE_API_URL: probeUrls.api,
      TOLLGATE_API_KEY: apiKey,
      TOLLGATE_API_KEYS: JSON.stringify([keyEntry(apiKey)]),
      TOLLGATE_CONSUMER_HTTP_PORT: String(ports.consumer),
      TOLLGATE_LEDGER_HTTP_PORT: String(ports.ledger),
    },
    idPrefix: `${run}-`,
    topics: topicNames(topicPrefix),
    postgresUrl,
    apiUrl: probeUrls.api,
    apiKey,
    prometheusUrl: stack.service("prometheus").url,
    dashboardsUrl: url(dashboardsPort),
    probeUrls,
    metricsUrls: Object.values(probeUrls).map((probe) => `${probe}/metrics`),
    logFolder,
  };
}

async function createDatabase(url: string, name: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`create database "${name}"`);
  await client.end();
  const own = new URL(url);
  own.pathname = `/${name}`;
  return own.href;
}

function keyEntry(key: string): Readonly<Record<string, unknown>> {
  return {
    id: "demo",
    sha256: createHash("sha256").update(key).digest("hex"),
    scopes: ["score", "labels", "decisions:read", "metrics:read"],
    ratePerSecond: demoLimits.ratePerSecond,
    burst: demoLimits.ratePerSecond,
  };
}

/** Prometheus re-reads this folder by itself. */
function letPrometheusScrape(stackFolder: string, ports: Readonly<Record<string, number>>): void {
  const folder = join(stackFolder, "prometheus", "targets");
  mkdirSync(folder, { recursive: true });
  const groups = Object.entries(ports).map(([app, port]) => ({
    targets: [`127.0.0.1:${port}`],
    labels: { app },
  }));
  writeFileSync(join(folder, "apps.json"), JSON.stringify(groups));
}

async function startApps(
  setting: Setting,
  stopping: (() => Promise<void>)[],
  say: Say,
): Promise<readonly AppProcess[]> {
  const outbox = join(setting.logFolder, "..", "outbox");
  // The consumer first: it creates the topics.
  // On a caller's answer somebody waits; the stream may be a moment late where the processors are few.
  const late = demoLimits.streamNiceness;
  const { consumer, ledger, api } = setting.probeUrls;
  const page = ["--prometheus", setting.prometheusUrl, "--port", new URL(setting.dashboardsUrl).port];
  const parts = [
    appPart("transaction-consumer", consumer, late),
    appPart("ledger", ledger, late),
    appPart("scoring-api", api, 0),
    {
      name: "dashboards",
      entry: "dashboards/src/page-command.ts",
      arguments: page,
      url: setting.dashboardsUrl,
      readyUrl: setting.dashboardsUrl,
      niceness: late,
    },
  ];
  const apps: AppProcess[] = [];
  for (const { url, ...part } of parts) {
    const { name } = part;
    const startMs = performance.now();
    const environment = { ...setting.environment, TOLLGATE_OUTBOX_FOLDER: join(outbox, name) };
    const app = await startApp({ ...part, environment, logFolder: setting.logFolder });
    stopping.push(() => app.stop());
    apps.push(app);
    say(`✓ ${((performance.now() - startMs) / 1000).toFixed(1).padStart(5)} s  ${name} ready: ${url}`);
  }
  return apps;
}

interface AppPart {
  readonly name: string;
  readonly entry: string;
  readonly url: string;
  readonly readyUrl: string;
  readonly niceness: number;
}

function appPart(name: string, url: string, niceness: number): AppPart {
  return { name, entry: `apps/${name}/src/main.ts`, url, readyUrl: `${url}/readyz`, niceness };
}

/** At the start of a run that is left out of its latency; a third of a short one. */
export function warmUpSeconds(options: DemoOptions): number {
  return Math.min(demoLimits.warmUpSeconds, Math.floor((options.forSeconds ?? Number.MAX_VALUE) / 3));
}

function simulatorArguments(options: DemoOptions, idPrefix: string): readonly string[] {
  const perDay = options.customers * demoLimits.transactionsPerCustomerDay;
  const speed = (options.ratePerSecond * 86_400) / perDay;
  const seconds = options.forSeconds ?? (demoLimits.endlessStreamDays * 86_400) / speed;
  return [
    "--kafka",
    "--http",
    "--split",
    String(options.httpShare),
    "--rate",
    String(options.ratePerSecond),
    "--warm-up",
    `${warmUpSeconds(options)}s`,
    "--for",
    `${Math.floor(seconds)}s`,
    "--customers",
    String(options.customers),
    "--seed",
    String(options.seed),
    "--id-prefix",
    idPrefix,
    "--labels",
    "kafka",
    "--progress",
    "json",
  ];
}
