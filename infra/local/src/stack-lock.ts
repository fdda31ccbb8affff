import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { stackFolder } from "./folders.ts";
import type { ProcessIdentity } from "./process-identity.ts";
import { identifyProcess, isAlive } from "./process-identity.ts";
import { StackBusyError, StackError } from "./stack-error.ts";

/** Held by the one process that may start and stop services of a stack. */
export interface StackLock {
  release(): void;
}

/** Takes the lock of a stack; throws a StackBusyError that names the process that holds it. */
export function lockStack(name: string): StackLock {
  const folder = stackFolder(name);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "lock.json");
  const self = identifyProcess(process.pid);
  if (self === undefined) throw new StackError("this process cannot find itself: is /proc mounted?");
  const own = `${path}.${process.pid}`;
  writeFileSync(own, JSON.stringify(self));
  try {
    take(own, path, name);
  } finally {
    rmSync(own, { force: true });
  }
  return { release: () => rmSync(path, { force: true }) };
}

/** The process that holds a stack, when it still runs. */
export function stackHolder(name: string): ProcessIdentity | undefined {
  return liveHolder(join(stackFolder(name), "lock.json"));
}

/** A hard link appears whole or not at all, so a reader never sees a lock without its holder. */
function take(own: string, path: string, name: string): void {
  if (linked(own, path)) return;
  const holder = liveHolder(path);
  if (holder === undefined) {
    rmSync(path, { force: true });
    if (linked(own, path)) return;
  }
  const who = holder === undefined ? "" : ` (process ${holder.pid})`;
  throw new StackBusyError(`the stack "${name}" is already in use${who}: stop that first, or let it end.`);
}

function linked(own: string, path: string): boolean {
  try {
    linkSync(own, path);
    return true;
  } catch {
    return false;
  }
}

function liveHolder(path: string): ProcessIdentity | undefined {
  try {
    const holder = JSON.parse(readFileSync(path, "utf8")) as ProcessIdentity;
    return isAlive(holder) ? holder : undefined;
  } catch {
    return undefined;
  }
}
