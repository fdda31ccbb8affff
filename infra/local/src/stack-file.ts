import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { stackFolder } from "./folders.ts";
import type { ProcessIdentity } from "./process-identity.ts";
import type { ServiceName } from "./service-name.ts";
import { serviceNames } from "./service-name.ts";
import { StackError } from "./stack-error.ts";

/** Where a running service came from. */
export type ServiceSource = "external" | "installed" | "fetched" | "docker";

/** One service as `stack.json` holds it. */
export interface ServiceRecord {
  readonly url: string;
  readonly source: ServiceSource;
  readonly label: string;
  readonly port?: number;
  readonly secondPort?: number;
  readonly process?: ProcessIdentity;
  readonly stopSignal?: NodeJS.Signals;
  readonly logPath?: string;
  readonly folder?: string;
}

/** `.local/<stack>/stack.json`: what was started, so that another process finds it, or cleans it up. */
export interface StackRecord {
  readonly version: 1;
  readonly name: string;
  readonly services: Readonly<Partial<Record<ServiceName, ServiceRecord>>>;
  /** What shows the metrics of a service, where it was asked for. */
  readonly exporters?: Readonly<Partial<Record<ServiceName, ServiceRecord>>>;
}

/** Reads a stack's record; undefined when it never ran. Throws a StackError when the file is damaged. */
export function readStackRecord(name: string): StackRecord | undefined {
  let text: string;
  try {
    text = readFileSync(recordPath(name), "utf8");
  } catch {
    return undefined;
  }
  const record = parse(text);
  if (record !== undefined) return record;
  throw new StackError(`${recordPath(name)} is damaged: delete it, and end the services it named by hand.`);
}

/** The services of a stack's record, each with its name; none when it never ran. */
export function recordsOf(name: string): readonly (readonly [ServiceName, ServiceRecord])[] {
  const services = readStackRecord(name)?.services ?? {};
  return serviceNames.flatMap((service) => {
    const record = services[service];
    return record === undefined ? [] : [[service, record] as const];
  });
}

/** The exporters of a stack's record, by the service that each shows. */
export function exportersOf(name: string): NonNullable<StackRecord["exporters"]> {
  return readStackRecord(name)?.exporters ?? {};
}

/** Writes the record in one step: a reader sees the old one or the new one. */
export function writeStackRecord(record: StackRecord): void {
  mkdirSync(stackFolder(record.name), { recursive: true });
  const path = recordPath(record.name);
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify(record, undefined, 2)}\n`);
  renameSync(temporary, path);
}

function recordPath(name: string): string {
  return join(stackFolder(name), "stack.json");
}

function parse(text: string): StackRecord | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isStackRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isStackRecord(value: unknown): value is StackRecord {
  if (!isObject(value) || value["version"] !== 1 || typeof value["name"] !== "string") return false;
  return [value["services"], value["exporters"] ?? {}].every(isRecordByName);
}

function isRecordByName(records: unknown): boolean {
  if (!isObject(records)) return false;
  return Object.entries(records).every(
    ([name, service]) => serviceNames.some((known) => known === name) && isServiceRecord(service),
  );
}

function isServiceRecord(value: unknown): boolean {
  if (!isObject(value) || typeof value["url"] !== "string" || typeof value["source"] !== "string")
    return false;
  const identity = value["process"];
  if (identity === undefined) return true;
  return isObject(identity) && Number.isInteger(identity["pid"]) && typeof identity["startedAt"] === "string";
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
