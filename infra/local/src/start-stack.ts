import type { Environment } from "@tollgate/runtime";

import { loadConfig, type LocalStackConfig } from "./config.ts";
import { stackFolder } from "./folders.ts";
import { obtainKafkaAgent, type KafkaAgent } from "./kafka-agent.ts";
import { isAlive } from "./process-identity.ts";
import { foreignService, stopRecorded, type RunningService } from "./running-service.ts";
import type { ServiceDefinition } from "./service-definition.ts";
import { serviceDefinitions } from "./service-definitions.ts";
import type { ServiceName } from "./service-name.ts";
import { StackError } from "./stack-error.ts";
import { exportersOf, recordsOf, writeStackRecord, type ServiceRecord } from "./stack-file.ts";
import { startExporters, type ExporterRecords } from "./start-exporters.ts";
import { lockStack, type StackLock } from "./stack-lock.ts";
import { startService } from "./start-service.ts";
import { stopRecordedServices } from "./stop-stack.ts";
import { startWatchdog, type Watchdog } from "./watchdog-client.ts";

export interface StartStackOptions {
  /** Names the folder below `.local/`: `stack`, `demo`, `test`. */
  readonly name: string;
  readonly services: readonly ServiceName[];
  /** Where the URLs of external services and PATH are read. */
  readonly environment: Environment;
  /** `owned`: ends with this process, whatever ends it. `kept`: goes on after it. */
  readonly lifetime: "owned" | "kept";
  /** Deletes what an earlier run of this stack left. */
  readonly freshData?: boolean;
  /** False for tests: PostgreSQL does not wait for the disk. Default true. */
  readonly durable?: boolean;
  /** `default` prefers each service's own port; `any` takes free ones. Default `default`. */
  readonly ports?: "default" | "any";
  /** Starts what shows the metrics of Kafka, Redis and PostgreSQL too, where it can be had. */
  readonly exporters?: boolean;
  readonly onProgress?: (progress: StackProgress) => void;
}

export interface StackProgress {
  readonly service: ServiceName;
  readonly state:
    | "fetching"
    | "starting"
    | "port-busy"
    | "ready"
    | "reused"
    | "failed"
    | "exported"
    | "not-exported";
  readonly detail: string;
  /** Since the stack was asked for. */
  readonly elapsedMs: number;
}

export interface RunningStack {
  readonly name: string;
  /** `.local/<name>`. */
  readonly folder: string;
  readonly services: readonly RunningService[];
  /** Service → where its exporter answers `/metrics`, of those that were asked for and could be had. */
  readonly exporters: Readonly<Partial<Record<ServiceName, string>>>;
  /** Throws a StackError for a service that was not asked for. */
  service(name: ServiceName): RunningService;
  /** Stops every service this stack started. A kept stack goes on when this is never called. */
  stop(): Promise<void>;
}

/**
 * Starts the services in parallel and returns when all of them answer. Throws a StackError with every
 * fault when one did not, after stopping the others; a StackBusyError when the name is in use.
 */
export async function startStack(options: StartStackOptions): Promise<RunningStack> {
  const lock = lockStack(options.name);
  try {
    await clearRemains(options);
    const watchdog = options.lifetime === "owned" ? startWatchdog() : undefined;
    const { services, exporters } = await startAll(options, watchdog);
    if (options.lifetime === "kept") lock.release();
    return runningStack({ name: options.name, services, exporters, watchdog, lock });
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** What a killed launcher left is stopped; a kept stack's services are left for reuse. */
async function clearRemains(options: StartStackOptions): Promise<void> {
  if (options.freshData === true) return stopRecordedServices(options.name, { deleteData: true });
  if (options.lifetime === "owned") return stopRecordedServices(options.name, { deleteData: false });
}

async function startAll(
  options: StartStackOptions,
  watchdog: Watchdog | undefined,
): Promise<Pick<StackParts, "services" | "exporters">> {
  const records = new Map(recordsOf(options.name));
  const takenPorts = new Set<number>();
  let exporters = exportersOf(options.name);
  const write = (): void => {
    const services = Object.fromEntries(records);
    writeStackRecord({ version: 1, name: options.name, services, exporters });
  };
  const { searchPath } = loadConfig(options.environment);
  const agent = await kafkaAgentFor(options, { searchPath, takenPorts });
  const shared = {
    metricsAgent: agent?.option,
    options,
    watchdog,
    takenPorts,
    config: loadConfig(options.environment),
    startMs: performance.now(),
  };
  const results = await Promise.allSettled(
    options.services.map((name) =>
      startOne(name, {
        ...shared,
        earlier: records.get(name),
        onRecord: (record) => {
          records.set(name, record);
          write();
        },
      }),
    ),
  );
  const started = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const faults = results.flatMap((result) =>
    result.status === "rejected" ? [faultText(result.reason)] : [],
  );
  if (faults.length === 0) {
    if (options.exporters !== true) return { services: started, exporters: {} };
    const { kafka } = exporters;
    exporters = await startExporters({
      stackName: options.name,
      services: started,
      kafkaUrls: [agent, kafka].flatMap((one) => (one === undefined ? [] : [one.url])),
      earlier: exporters,
      searchPath,
      takenPorts,
      watchdog,
      report: (service, state, detail) =>
        options.onProgress?.({ service, state, detail, elapsedMs: performance.now() - shared.startMs }),
    });
    write();
    return { services: started, exporters };
  }
  if (options.lifetime === "owned") await stopRecordedServices(options.name, { deleteData: false });
  watchdog?.end();
  throw new StackError(faults.join("\n"));
}

/** Undefined where none was asked for, or none can be had: the stack then says so when Kafka runs. */
async function kafkaAgentFor(
  options: StartStackOptions,
  { searchPath, takenPorts }: { readonly searchPath: string; readonly takenPorts: Set<number> },
): Promise<KafkaAgent | undefined> {
  if (options.exporters !== true || !options.services.includes("kafka")) return undefined;
  try {
    return await obtainKafkaAgent(searchPath, takenPorts);
  } catch (error) {
    if (error instanceof StackError) return undefined;
    throw error;
  }
}

interface StartOneContext {
  readonly metricsAgent: string | undefined;
  readonly options: StartStackOptions;
  readonly config: LocalStackConfig;
  readonly watchdog: Watchdog | undefined;
  readonly takenPorts: Set<number>;
  readonly startMs: number;
  readonly earlier: ServiceRecord | undefined;
  readonly onRecord: (record: ServiceRecord) => void;
}

async function startOne(name: ServiceName, context: StartOneContext): Promise<RunningService> {
  const definition = serviceDefinitions[name];
  const { options, earlier } = context;
  const report = (state: StackProgress["state"], detail: string): void =>
    options.onProgress?.({ service: name, state, detail, elapsedMs: performance.now() - context.startMs });
  const reused = earlier === undefined ? undefined : await reuse(definition, earlier);
  if (reused !== undefined) {
    report("reused", `${reused.label} already runs at ${reused.url}`);
    return reused;
  }
  if (earlier !== undefined) await stopRecorded(earlier);
  const anyPort = options.ports === "any";
  try {
    const service = await startService(definition, {
      ...context,
      stackName: options.name,
      durable: options.durable ?? true,
      preferredPort: anyPort ? undefined : (earlier?.port ?? definition.defaultPort),
      report,
    });
    report("ready", `${service.label} at ${service.url}`);
    return service;
  } catch (error) {
    report("failed", faultText(error));
    throw error;
  }
}

/** A service of an earlier `up` that still runs and answers is taken as it is. */
async function reuse(
  definition: ServiceDefinition,
  earlier: ServiceRecord,
): Promise<RunningService | undefined> {
  if (earlier.process === undefined || !isAlive(earlier.process)) return undefined;
  try {
    await definition.answers(earlier.url);
    return foreignService(definition, earlier);
  } catch {
    return undefined;
  }
}

interface StackParts {
  readonly name: string;
  readonly services: readonly RunningService[];
  readonly exporters: ExporterRecords;
  readonly watchdog: Watchdog | undefined;
  readonly lock: StackLock;
}

function runningStack({ name, services, exporters, watchdog, lock }: StackParts): RunningStack {
  let stopped: Promise<void> | undefined;
  const stopAll = async (): Promise<void> => {
    await stopRecordedServices(name, { deleteData: false });
    watchdog?.end();
    lock.release();
  };
  return {
    name,
    folder: stackFolder(name),
    services,
    exporters: Object.fromEntries(Object.entries(exporters).map(([service, { url }]) => [service, url])),
    service(wanted) {
      const found = services.find((service) => service.name === wanted);
      if (found === undefined) throw new StackError(`the stack "${name}" was started without ${wanted}`);
      return found;
    },
    stop() {
      stopped ??= stopAll();
      return stopped;
    },
  };
}

function faultText(error: unknown): string {
  if (error instanceof StackError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
