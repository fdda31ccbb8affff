import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { topicNames, type TopicNames } from "@tollgate/contracts";
import { choosePort, progressLine, StackError, startStack, type RunningStack } from "@tollgate/local-stack";
import type { Environment } from "@tollgate/runtime";
import { Client } from "pg";
import { startApp, type AppProcess } from "./app-process.ts";
import { demoLimits } from "./demo-limits.ts";
import { giveWay } from "./give-way.ts";
import { findGrafana } from "./grafana/grafana-launch.ts";
import { startGrafana } from "./grafana/start-grafana.ts";

export interface PlatformOptions {
  /** Folder below `.local/`, and the beginning of the run's names. */
  readonly name: string;
  /** Transactions a second that the run's API key may send. */
  readonly ratePerSecond: number;
  /** Whether the page with the dashboards runs too. */
  readonly dashboards: boolean;
  /** Whether the drift monitor runs too; not when absent. */
  readonly driftMonitor?: boolean;
  /** Whether what shows the services' own metrics runs too; not when absent. */
  readonly exporters?: boolean;
  /** PATH, HOME, and URLs of services that run elsewhere. */
  readonly environment: Environment;
  /** Settings for every app, over its own. */
  readonly settings?: Environment;
  readonly say: (line: string) => void;
}

/** The services and every app of the platform, all on this machine. */
export interface Platform extends PlatformSetting {
  readonly stack: RunningStack;
  readonly apps: readonly AppProcess[];
  /** Stops all of it, the last started first. Idempotent. */
  stop(): Promise<void>;
}

/** Where everything of a run is found. */
export interface PlatformSetting {
  readonly environment: Environment;
  /** Begins every id of this run's stream. */
  readonly idPrefix: string;
  readonly topics: TopicNames;
  readonly postgresUrl: string;
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly prometheusUrl: string;
  readonly dashboardsUrl: string;
  readonly probeUrls: Readonly<Record<"api" | "consumer" | "ledger" | "drift", string>>;
  /** `GET /v1/drift`, where the drift monitor runs. */
  readonly driftUrl: string;
  /** Of each app that has one, its `/metrics`. */
  readonly metricsUrls: readonly string[];
  readonly logFolder: string;
}

/** Starts the services, then the apps, and returns when all of them answer. */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const stopping: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const stopOne of stopping.splice(0).toReversed()) await stopOne();
  };
  try {
    const stack = await startStack({
      name: options.name,
      services: ["kafka", "redis", "postgres", "prometheus"],
      environment: options.environment,
      lifetime: "owned",
      freshData: true,
      exporters: options.exporters === true,
      onProgress: (progress) => options.say(progressLine(progress)),
    });
    stopping.push(() => stack.stop());
    // What they do may come later than what a caller waits for; backends inherit it from PostgreSQL.
    for (const name of ["postgres", "prometheus"] as const) {
      const pid = stack.service(name).pid();
      if (pid !== undefined) giveWay(pid, demoLimits.streamNiceness);
    }
    const setting = await settle(stack, options);
    const apps = await startApps(setting, { ...options, stopping });
    return { ...setting, stack, apps, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Names of this run's own, so that services which others use too (given by URL) are not disturbed. */
async function settle(stack: RunningStack, options: PlatformOptions): Promise<PlatformSetting> {
  const { environment: inherited, settings } = options;
  const run = `${options.name}-${randomBytes(3).toString("hex")}`;
  const taken = new Set<number>();
  const port = async (preferred: number): Promise<number> => (await choosePort({ preferred, taken })).port;
  const ports = {
    api: await port(8080),
    consumer: await port(8081),
    ledger: await port(9103),
    drift: await port(9104),
  };
  const dashboardsPort = await port(3000);
  const driftApiPort = await port(8082);
  const postgresUrl = await createDatabase(stack.service("postgres").url, run);
  const apiKey = `tollgate_${randomBytes(32).toString("base64url")}`;
  const topicPrefix = `${run}.`;
  const logFolder = join(stack.folder, "logs");
  const url = (number: number): string => `http://127.0.0.1:${number}`;
  const probeUrls = {
    api: url(ports.api),
    consumer: url(ports.consumer),
    ledger: url(ports.ledger),
    drift: url(ports.drift),
  };
  mkdirSync(logFolder, { recursive: true });
  const { drift, ...always } = ports;
  letPrometheusScrape(stack.folder, options.driftMonitor === true ? ports : always);
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
      TOLLGATE_API_KEYS: JSON.stringify([keyEntry(apiKey, options.ratePerSecond)]),
      TOLLGATE_CONSUMER_HTTP_PORT: String(ports.consumer),
      TOLLGATE_LEDGER_HTTP_PORT: String(ports.ledger),
      TOLLGATE_DRIFT_HTTP_PORT: String(drift),
      TOLLGATE_DRIFT_API_PORT: String(driftApiPort),
      TOLLGATE_DRIFT_LATENESS_MINUTES: String(demoLimits.driftLatenessMinutes),
      ...settings,
    },
    idPrefix: `${run}-`,
    topics: topicNames(topicPrefix),
    postgresUrl,
    apiUrl: probeUrls.api,
    apiKey,
    prometheusUrl: stack.service("prometheus").url,
    dashboardsUrl: url(dashboardsPort),
    driftUrl: `${url(driftApiPort)}/v1/drift`,
    probeUrls,
    metricsUrls: Object.values(probeUrls)
      .filter((probe) => options.driftMonitor === true || probe !== probeUrls.drift)
      .map((probe) => `${probe}/metrics`),
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

function keyEntry(key: string, ratePerSecond: number): Readonly<Record<string, unknown>> {
  return {
    id: "demo",
    sha256: createHash("sha256").update(key).digest("hex"),
    scopes: ["score", "labels", "decisions:read", "metrics:read", "infer"],
    ratePerSecond,
    burst: ratePerSecond,
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
  setting: PlatformSetting,
  options: PlatformOptions & { readonly stopping: (() => Promise<void>)[] },
): Promise<readonly AppProcess[]> {
  const { stopping, say, dashboards } = options;
  const outbox = join(setting.logFolder, "..", "outbox");
  // The consumer first: it creates the topics.
  // On a caller's answer somebody waits; the stream may be a moment late where the processors are few.
  const late = demoLimits.streamNiceness;
  const { consumer, ledger, api } = setting.probeUrls;
  const parts: readonly AppPart[] = [
    appPart("transaction-consumer", consumer, late),
    appPart("ledger", ledger, late),
    appPart("scoring-api", api, 0),
    ...(options.driftMonitor === true ? [driftPart(setting)] : []),
    ...(dashboards && !(await showInGrafana(setting, options)) ? [dashboardsPart(setting)] : []),
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
  readonly arguments?: readonly string[];
  readonly url: string;
  readonly readyUrl: string;
  readonly niceness: number;
}

function appPart(name: string, url: string, niceness: number): AppPart {
  return { name, entry: `apps/${name}/src/main.ts`, url, readyUrl: `${url}/readyz`, niceness };
}

function driftPart({ probeUrls, driftUrl }: PlatformSetting): AppPart {
  return { ...appPart("drift-monitor", probeUrls.drift, demoLimits.driftNiceness), url: driftUrl };
}

function dashboardsPart({ prometheusUrl, dashboardsUrl }: PlatformSetting): AppPart {
  return {
    name: "dashboards",
    entry: "dashboards/src/page-command.ts",
    arguments: ["--prometheus", prometheusUrl, "--port", new URL(dashboardsUrl).port],
    url: dashboardsUrl,
    readyUrl: dashboardsUrl,
    niceness: demoLimits.streamNiceness,
  };
}

/** True when a Grafana shows them. One that does not start is said, and is no reason to see nothing. */
async function showInGrafana(
  { environment, prometheusUrl, dashboardsUrl, logFolder }: PlatformSetting,
  { stopping, say }: { readonly stopping: (() => Promise<void>)[]; readonly say: (line: string) => void },
): Promise<boolean> {
  const { PATH, HOME } = environment;
  const found = findGrafana(PATH ?? "");
  if (found === undefined) return false;
  const port = Number(new URL(dashboardsUrl).port);
  const folder = join(logFolder, "..", "grafana");
  try {
    const options = { prometheusUrl, port, folder, environment: { PATH, HOME } };
    const grafana = await startGrafana(found, options);
    stopping.push(() => grafana.stop());
    say(`✓          Grafana ready: ${grafana.url}`);
    return true;
  } catch (error) {
    if (!(error instanceof StackError)) throw error;
    say(`${error.message}\nThe built-in page is shown instead.`);
    return false;
  }
}
