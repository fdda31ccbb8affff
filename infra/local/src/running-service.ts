import { readyLimitMs } from "./limits.ts";
import { isAlive } from "./process-identity.ts";
import type { Launch, ServiceDefinition } from "./service-definition.ts";
import type { ServiceName } from "./service-name.ts";
import { serviceTitles } from "./service-name.ts";
import { lastLogLines, spawnService } from "./spawn-service.ts";
import { StackError } from "./stack-error.ts";
import type { ServiceRecord, ServiceSource } from "./stack-file.ts";
import { stopProcess } from "./stop-process.ts";
import { waitUntilReady } from "./wait-until-ready.ts";
import type { Watchdog } from "./watchdog-client.ts";

/** A service that answers. */
export interface RunningService {
  readonly name: ServiceName;
  readonly url: string;
  readonly source: ServiceSource;
  /** Name and version. */
  readonly label: string;
  readonly logPath: string | undefined;
  /** The process of this moment; undefined for one that this stack does not run. */
  pid(): number | undefined;
  alive(): boolean;
  /** Stops it, cleanly or by another signal, and returns when it is gone. Its data and port stay its own. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again after `stop`, on the same port and data; returns when it answers. */
  start(): Promise<void>;
}

export interface OwnedServiceOptions {
  readonly definition: ServiceDefinition;
  readonly launch: Launch;
  /** Describes the service; its `process` is replaced at every start. */
  readonly record: ServiceRecord & { readonly logPath: string };
  readonly watchdog: Watchdog | undefined;
  /** Called whenever the process changes, so that it is written down. */
  readonly onRecord: (record: ServiceRecord) => void;
}

/** A service whose process this stack runs. `start` is to be called first. */
export function ownedService(options: OwnedServiceOptions): RunningService {
  const { definition, launch, watchdog } = options;
  const { url, source, label, logPath } = options.record;
  let current = options.record.process;
  const stop = async (signal: NodeJS.Signals = launch.stopSignal): Promise<void> => {
    if (current === undefined) return;
    await stopProcess(current, { signal });
    watchdog?.forget(current.pid);
    current = undefined;
  };
  const start = async (): Promise<void> => {
    if (current !== undefined && isAlive(current)) return;
    const started = await spawnService(launch, logPath);
    current = started;
    watchdog?.watch(started, launch.stopSignal);
    options.onRecord({ ...options.record, process: started, stopSignal: launch.stopSignal });
    const fault = await waitUntilReady({
      answers: () => definition.answers(url),
      limitMs: readyLimitMs,
      alive: () => isAlive(started),
    });
    if (fault === undefined) return;
    await stop();
    const title = serviceTitles[definition.name];
    throw new StackError(`${title} did not start: ${fault}. ${logPath} ends with:\n${lastLogLines(logPath)}`);
  };
  return {
    name: definition.name,
    url,
    source,
    label,
    logPath,
    pid: () => current?.pid,
    alive: () => current !== undefined && isAlive(current),
    stop,
    start,
  };
}

/** A service that is only used: it is neither started nor stopped here. */
export function foreignService(definition: ServiceDefinition, record: ServiceRecord): RunningService {
  const { process: identity } = record;
  const refuse = (): Promise<never> =>
    Promise.reject(
      new StackError(`${serviceTitles[definition.name]} is not run by this stack: ${record.url}`),
    );
  return {
    name: definition.name,
    url: record.url,
    source: record.source,
    label: record.label,
    logPath: record.logPath,
    pid: () => identity?.pid,
    alive: () => identity === undefined || isAlive(identity),
    stop: refuse,
    start: refuse,
  };
}

/** Stops the process that a record names, when it still runs. */
export async function stopRecorded(record: ServiceRecord): Promise<void> {
  if (record.process === undefined) return;
  await stopProcess(record.process, { signal: record.stopSignal ?? "SIGTERM" });
}
