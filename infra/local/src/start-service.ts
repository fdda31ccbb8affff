import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";

import type { LocalStackConfig } from "./config.ts";
import { choosePort, isPortFree, type PortChoice } from "./choose-port.ts";
import { dockerObstacle, startContainer } from "./docker-service.ts";
import { stackFolder } from "./folders.ts";
import { readyLimitMs, startAttempts } from "./limits.ts";
import { missingSentence, resolveService } from "./resolve-service.ts";
import { foreignService, ownedService, type RunningService } from "./running-service.ts";
import type { Binaries, ServiceDefinition } from "./service-definition.ts";
import { serviceTitles, urlVariables } from "./service-name.ts";
import { StackError } from "./stack-error.ts";
import type { ServiceRecord, ServiceSource } from "./stack-file.ts";
import { waitUntilReady } from "./wait-until-ready.ts";
import type { Watchdog } from "./watchdog-client.ts";

export interface StartServiceOptions {
  readonly stackName: string;
  readonly config: LocalStackConfig;
  readonly durable: boolean;
  /** Taken when free; undefined takes any port. */
  readonly preferredPort: number | undefined;
  /** Ports of this start, shared by its services. */
  readonly takenPorts: Set<number>;
  readonly metricsAgent: string | undefined;
  readonly watchdog: Watchdog | undefined;
  readonly onRecord: (record: ServiceRecord) => void;
  readonly report: (state: "fetching" | "starting" | "port-busy", detail: string) => void;
}

/** Brings up one service, from the first place that has it; returns when it answers. */
export async function startService(
  definition: ServiceDefinition,
  options: StartServiceOptions,
): Promise<RunningService> {
  const resolution = resolveService(definition, options.config);
  switch (resolution.kind) {
    case "external":
      return useExternal(definition, resolution.url, options);
    case "installed":
    case "fetched":
      return launchBinaries(definition, resolution.binaries, resolution.kind, options);
    case "to-fetch":
      return fetchAndLaunch(definition, options);
    case "docker":
      return launchContainer(definition, options);
    case "missing":
      throw new StackError(resolution.sentence);
    default:
      return resolution satisfies never;
  }
}

async function useExternal(
  definition: ServiceDefinition,
  url: string,
  options: StartServiceOptions,
): Promise<RunningService> {
  const record: ServiceRecord = {
    url,
    source: "external",
    label: `external ${serviceTitles[definition.name]}`,
  };
  try {
    await definition.answers(url);
  } catch (error) {
    const variable = urlVariables[definition.name];
    const reason = error instanceof Error ? error.message : String(error);
    throw new StackError(
      `${variable} names ${url}, which does not answer (${reason}): start it, or unset it.`,
    );
  }
  options.onRecord(record);
  return foreignService(definition, record);
}

async function fetchAndLaunch(
  definition: ServiceDefinition,
  options: StartServiceOptions,
): Promise<RunningService> {
  const { searchPath } = options.config;
  options.report("fetching", "once, into .local/");
  let reason = "what was fetched does not run on this machine";
  try {
    await definition.fetch();
    const binaries = definition.findFetched(searchPath);
    if (binaries !== undefined) return await launchBinaries(definition, binaries, "fetched", options);
  } catch (error) {
    if (!(error instanceof StackError)) throw error;
    reason = error.message;
  }
  if (dockerObstacle(searchPath) === undefined) return launchContainer(definition, options);
  throw new StackError(missingSentence(definition, reason));
}

async function launchBinaries(
  definition: ServiceDefinition,
  binaries: Binaries,
  source: ServiceSource,
  options: StartServiceOptions,
): Promise<RunningService> {
  for (let attempt = 1; ; attempt += 1) {
    const choice = await choosePort({ preferred: options.preferredPort, taken: options.takenPorts });
    reportBusyPort(choice, options);
    try {
      return await launchOn(definition, { binaries, source, port: choice.port, options });
    } catch (error) {
      // Free when it was chosen, taken when it was used: another port is tried.
      const lostPort = !(await isPortFree(choice.port));
      if (attempt >= startAttempts || !lostPort) throw error;
    }
  }
}

async function launchOn(
  definition: ServiceDefinition,
  choice: { binaries: Binaries; source: ServiceSource; port: number; options: StartServiceOptions },
): Promise<RunningService> {
  const { binaries, source, port, options } = choice;
  const folder = join(stackFolder(options.stackName), definition.name);
  const logPath = join(stackFolder(options.stackName), "logs", `${definition.name}.log`);
  const secondPort = (await choosePort({ taken: options.takenPorts })).port;
  options.report("starting", `${binaries.label} on port ${port}`);
  mkdirSync(folder, { recursive: true });
  mkdirSync(join(logPath, ".."), { recursive: true });
  appendFileSync(logPath, `--- ${binaries.label} started by process ${process.pid}\n`);
  const context = {
    folder,
    port,
    secondPort,
    durable: options.durable,
    searchPath: options.config.searchPath,
    metricsAgent: options.metricsAgent,
  };
  const launch = await definition.prepare(binaries, context);
  const service = ownedService({
    definition,
    launch,
    record: { url: definition.url(port), source, label: binaries.label, port, folder, logPath },
    watchdog: options.watchdog,
    onRecord: options.onRecord,
  });
  await service.start();
  return service;
}

async function launchContainer(
  definition: ServiceDefinition,
  options: StartServiceOptions,
): Promise<RunningService> {
  const choice = await choosePort({ preferred: options.preferredPort, taken: options.takenPorts });
  reportBusyPort(choice, options);
  const { port } = choice;
  options.report("starting", `a container on port ${port}`);
  await startContainer({ stackName: options.stackName, service: definition.name, port });
  const url = definition.url(port);
  const record: ServiceRecord = {
    url,
    source: "docker",
    label: `${serviceTitles[definition.name]} image`,
    port,
  };
  options.onRecord(record);
  const answers = (): Promise<void> => definition.answers(url);
  const fault = await waitUntilReady({ answers, limitMs: readyLimitMs, alive: () => true });
  if (fault !== undefined)
    throw new StackError(`the container of ${definition.name} did not start: ${fault}`);
  return foreignService(definition, record);
}

function reportBusyPort(choice: PortChoice, options: StartServiceOptions): void {
  if (choice.busy === undefined) return;
  const owner = choice.busy.owner ?? "another program";
  options.report("port-busy", `port ${choice.busy.port} is taken (${owner}), using ${choice.port}`);
}
