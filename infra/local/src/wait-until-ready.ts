import { setTimeout as delay } from "node:timers/promises";

import { readyIntervalMs } from "./limits.ts";

export interface ReadyOptions {
  /** Throws while the service does not answer. */
  readonly answers: () => Promise<void>;
  readonly limitMs: number;
  /** False when waiting is in vain: the process has ended. */
  readonly alive: () => boolean;
}

/** Waits for a service to answer; undefined when it does, else why it does not. */
export async function waitUntilReady(options: ReadyOptions): Promise<string | undefined> {
  const endMs = performance.now() + options.limitMs;
  for (;;) {
    const fault = await faultOf(options.answers);
    if (fault === undefined) return undefined;
    if (!options.alive()) return "it ended before it was ready";
    if (performance.now() > endMs) return `it did not answer within ${options.limitMs / 1000} s (${fault})`;
    await delay(readyIntervalMs);
  }
}

async function faultOf(answers: () => Promise<void>): Promise<string | undefined> {
  try {
    await answers();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
