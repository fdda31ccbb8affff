import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { choosePort } from "./choose-port.ts";
import { debianObstacle, fetchDebianPackage } from "./fetch-debian-package.ts";
import { fetchedFolder, stackFolder } from "./folders.ts";
import { answerLimitMs, exporterReadyLimitMs } from "./limits.ts";
import { isAlive } from "./process-identity.ts";
import { stopRecorded, type RunningService } from "./running-service.ts";
import { findExecutable } from "./run-tool.ts";
import type { ServiceName } from "./service-name.ts";
import { spawnService } from "./spawn-service.ts";
import { StackError } from "./stack-error.ts";
import type { ServiceRecord, StackRecord } from "./stack-file.ts";
import { waitUntilReady } from "./wait-until-ready.ts";
import type { Watchdog } from "./watchdog-client.ts";

export interface StartExportersOptions {
  readonly stackName: string;
  readonly services: readonly RunningService[];
  /** Where Kafka's agent may answer: that of this start, or of an earlier one whose Kafka still runs. */
  readonly kafkaUrls: readonly string[];
  readonly earlier: ExporterRecords;
  readonly searchPath: string;
  readonly takenPorts: Set<number>;
  readonly watchdog: Watchdog | undefined;
  readonly report: (
    service: ServiceName,
    state: "fetching" | "exported" | "not-exported",
    detail: string,
  ) => void;
}

export type ExporterRecords = NonNullable<StackRecord["exporters"]>;

/**
 * Starts what shows the services' own metrics, and lets the stack's Prometheus scrape it. Nothing depends on
 * an exporter: one that cannot be had is said, and the stack goes on without.
 */
export async function startExporters(options: StartExportersOptions): Promise<ExporterRecords> {
  const started = await Promise.all(
    options.services.map(async (service) => {
      const { name } = service;
      if (name === "prometheus") return [];
      try {
        const record = name === "kafka" ? await findAgent(options) : await startOne(name, service, options);
        options.report(name, "exported", `its metrics at ${record.url}/metrics`);
        return [[name, record] as const];
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        options.report(name, "not-exported", `no metrics of its own: ${reason}`);
        return [];
      }
    }),
  );
  const records: ExporterRecords = Object.fromEntries(started.flat());
  letPrometheusScrape(options.stackName, records);
  return records;
}

async function findAgent({ kafkaUrls }: StartExportersOptions): Promise<ServiceRecord> {
  for (const url of kafkaUrls) {
    if (await answers(url)) return { url, source: "fetched", label: "Kafka exporter" };
  }
  throw new StackError("this Kafka was started without Prometheus' agent");
}

interface Exporter {
  /** Of the program and of its Debian package. */
  readonly program: string;
  launch(address: string, url: string): { arguments: readonly string[]; environment: Record<string, string> };
}

/** A service's address may hold a password: it goes by the environment, others see command lines. */
const exporters: Readonly<Record<"redis" | "postgres", Exporter>> = {
  redis: {
    program: "prometheus-redis-exporter",
    launch: (address, url) => ({
      arguments: ["-redis-only-metrics=true", "-web.listen-address", address],
      environment: { REDIS_ADDR: url },
    }),
  },
  postgres: {
    program: "prometheus-postgres-exporter",
    launch: (address, url) => ({
      // The columns that its collector of background writers reads are gone since PostgreSQL 17.
      arguments: [
        `--web.listen-address=${address}`,
        "--disable-settings-metrics",
        "--no-collector.bgwriter",
        "--log.level=error",
      ],
      environment: { DATA_SOURCE_NAME: withoutEncryption(url) },
    }),
  },
};

async function startOne(
  name: "redis" | "postgres",
  service: RunningService,
  options: StartExportersOptions,
): Promise<ServiceRecord> {
  const { earlier, stackName, watchdog } = options;
  const before = earlier[name];
  if (before !== undefined) await stopRecorded(before);
  const exporter = exporters[name];
  const path = await obtain(exporter.program, (detail) => options.report(name, "fetching", detail), options);
  const address = `127.0.0.1:${(await choosePort({ taken: options.takenPorts })).port}`;
  const url = `http://${address}`;
  const { arguments: parameters, environment } = exporter.launch(address, service.url);
  const logPath = join(stackFolder(stackName), "logs", `${name}-exporter.log`);
  const launch = { command: [path, ...parameters], environment, stopSignal: "SIGTERM" } as const;
  const identity = await spawnService(launch, logPath);
  watchdog?.watch(identity, "SIGTERM");
  const record: ServiceRecord = {
    url,
    source: "fetched",
    label: `${name} exporter`,
    process: identity,
    stopSignal: "SIGTERM",
    logPath,
  };
  const fault = await waitUntilReady({
    answers: async () => {
      if (!(await answers(url))) throw new StackError(`${url}/metrics does not answer`);
    },
    limitMs: exporterReadyLimitMs,
    alive: () => isAlive(identity),
  });
  if (fault === undefined) return record;
  await stopRecorded(record);
  watchdog?.forget(identity.pid);
  throw new StackError(`${fault}; its log: ${logPath}`);
}

async function obtain(
  program: string,
  fetching: (detail: string) => void,
  { searchPath }: StartExportersOptions,
): Promise<string> {
  const installed = findExecutable(program, searchPath);
  if (installed !== undefined) return installed;
  const folder = fetchedFolder(program);
  const path = join(folder, "usr", "bin", program);
  if (existsSync(path)) return path;
  const obstacle = debianObstacle(searchPath);
  if (obstacle !== undefined) throw new StackError(`${program} is missing: ${obstacle}`);
  fetching(`${program}, once, into .local/`);
  await fetchDebianPackage(program, folder);
  return path;
}

/** The exporter's driver asks for TLS, which a local PostgreSQL has not; a URL that says which is kept. */
function withoutEncryption(url: string): string {
  const address = new URL(url);
  if (!address.searchParams.has("sslmode")) address.searchParams.set("sslmode", "disable");
  return address.href;
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(answerLimitMs) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

/** Prometheus re-reads this folder by itself. */
function letPrometheusScrape(stackName: string, records: ExporterRecords): void {
  const folder = join(stackFolder(stackName), "prometheus", "targets", "exporters");
  mkdirSync(folder, { recursive: true });
  const groups = Object.entries(records).map(([service, { url }]) => ({
    targets: [new URL(url).host],
    labels: { service },
  }));
  writeFileSync(join(folder, "exporters.json"), JSON.stringify(groups));
}
