import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { isAlive } from "./process-identity.ts";
import { serviceDefinitions } from "./service-definitions.ts";
import type { ServiceName } from "./service-name.ts";
import { recordsOf, type ServiceRecord, type ServiceSource } from "./stack-file.ts";

/** One service of a stack as it is now. */
export interface ServiceStatus {
  readonly service: ServiceName;
  /** `dead`: it was started and its process is gone; `silent`: it runs and does not answer. */
  readonly state: "ready" | "silent" | "dead";
  readonly url: string;
  readonly pid: number | undefined;
  readonly source: ServiceSource;
  readonly label: string;
  readonly dataBytes: number | undefined;
}

/** The services of a started stack; none when it is stopped. */
export function stackStatus(name: string): Promise<readonly ServiceStatus[]> {
  return Promise.all(recordsOf(name).map(([service, record]) => statusOf(service, record)));
}

async function statusOf(service: ServiceName, record: ServiceRecord): Promise<ServiceStatus> {
  return {
    service,
    state: await stateOf(service, record),
    url: record.url,
    pid: record.process?.pid,
    source: record.source,
    label: record.label,
    dataBytes: record.folder === undefined ? undefined : folderBytes(record.folder),
  };
}

async function stateOf(service: ServiceName, record: ServiceRecord): Promise<ServiceStatus["state"]> {
  if (record.process !== undefined && !isAlive(record.process)) return "dead";
  try {
    await serviceDefinitions[service].answers(record.url);
    return "ready";
  } catch {
    return "silent";
  }
}

/** Space taken on disk: Kafka's index files are sparse, so their length says nothing. */
function folderBytes(folder: string): number {
  try {
    return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
      const path = join(folder, entry.name);
      return sum + (entry.isDirectory() ? folderBytes(path) : diskBytes(path));
    }, 0);
  } catch {
    return 0;
  }
}

function diskBytes(path: string): number {
  try {
    return lstatSync(path).blocks * 512;
  } catch {
    return 0;
  }
}
