import { setTimeout as delay } from "node:timers/promises";

import { defaultDeadlineMs, defaultIntervalMs } from "./limits.ts";

export interface UntilOptions {
  /** What is waited for, as the error says it: "three decisions in the ledger". */
  readonly describe: string;
  readonly deadlineMs?: number;
  readonly intervalMs?: number;
}

/** What a condition answers while it does not hold. */
type NotYet = false | undefined | null;

/**
 * Asks again and again until the condition gives something other than false, undefined or null, and returns
 * that. A condition that throws does not hold yet. Throws after the deadline, with the last answer or error.
 */
export async function until<T>(
  condition: () => T | NotYet | Promise<T | NotYet>,
  options: UntilOptions,
): Promise<T> {
  const deadlineMs = options.deadlineMs ?? defaultDeadlineMs;
  const endMs = performance.now() + deadlineMs;
  for (;;) {
    const attempt = await attemptOf(condition);
    if ("value" in attempt) return attempt.value;
    if (performance.now() > endMs) {
      throw new Error(
        `waited ${deadlineMs} ms in vain for ${options.describe}; last answer: ${attempt.answer}`,
      );
    }
    await delay(options.intervalMs ?? defaultIntervalMs);
  }
}

async function attemptOf<T>(
  condition: () => T | NotYet | Promise<T | NotYet>,
): Promise<{ value: T } | { answer: string }> {
  try {
    const value = await condition();
    return value === false || value === undefined || value === null ? { answer: String(value) } : { value };
  } catch (error) {
    return { answer: String(error) };
  }
}
