import { setTimeout as delay } from "node:timers/promises";

import { stopIntervalMs, stopLimitMs } from "./limits.ts";
import type { ProcessIdentity } from "./process-identity.ts";
import { isAlive, signalProcess } from "./process-identity.ts";

/**
 * Ends a process: the polite signal, then SIGKILL after the limit. Returns when it is gone.
 * Does nothing when that process no longer runs or its pid belongs to another.
 */
export async function stopProcess(
  identity: ProcessIdentity,
  options: { signal?: NodeJS.Signals; limitMs?: number } = {},
): Promise<void> {
  if (!signalProcess(identity, options.signal ?? "SIGTERM")) return;
  if (await isGoneWithin(identity, options.limitMs ?? stopLimitMs)) return;
  signalProcess(identity, "SIGKILL");
  await isGoneWithin(identity, stopLimitMs);
}

/** Waits for a process to be gone; false when the limit came first. */
export async function isGoneWithin(identity: ProcessIdentity, limitMs: number): Promise<boolean> {
  const endMs = performance.now() + limitMs;
  while (isAlive(identity)) {
    if (performance.now() > endMs) return false;
    await delay(stopIntervalMs);
  }
  return true;
}
