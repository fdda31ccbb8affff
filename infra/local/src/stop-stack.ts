import { rmSync } from "node:fs";
import { join } from "node:path";

import { stopContainer } from "./docker-service.ts";
import { stackFolder } from "./folders.ts";
import { stopRecorded } from "./running-service.ts";
import type { ServiceName } from "./service-name.ts";
import { serviceNames } from "./service-name.ts";
import { exportersOf, recordsOf, writeStackRecord, type ServiceRecord } from "./stack-file.ts";
import { lockStack } from "./stack-lock.ts";

export interface StopOptions {
  /** Deletes the services' data and logs as well. External services are never touched. */
  readonly deleteData: boolean;
}

/** Stops a kept stack; returns what it stopped. Throws a StackBusyError when another process holds it. */
export async function stopStack(name: string, options: StopOptions): Promise<readonly ServiceName[]> {
  const lock = lockStack(name);
  try {
    const stopped = recordsOf(name).filter(([, record]) => record.source !== "external");
    await stopRecordedServices(name, options);
    return stopped.map(([service]) => service);
  } finally {
    lock.release();
  }
}

/** Stops every service of the record in parallel; the caller holds the stack's lock. */
export async function stopRecordedServices(name: string, options: StopOptions): Promise<void> {
  const records = recordsOf(name);
  const exporters = Object.values(exportersOf(name));
  await Promise.all(exporters.map(stopRecorded));
  await Promise.all(records.map(([service, record]) => stopOne(name, service, { record, ...options })));
  if (options.deleteData) {
    for (const part of [...serviceNames, "logs"]) {
      rmSync(join(stackFolder(name), part), { recursive: true, force: true });
    }
  }
  if (records.length > 0) writeStackRecord({ version: 1, name, services: {} });
}

async function stopOne(
  stackName: string,
  service: ServiceName,
  options: StopOptions & { record: ServiceRecord },
): Promise<void> {
  const { record, deleteData } = options;
  if (record.source !== "docker") return stopRecorded(record);
  await stopContainer({ stackName, service, port: record.port ?? 0, deleteData });
}
