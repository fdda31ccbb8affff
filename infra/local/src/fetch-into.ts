import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";

/**
 * Fills a folder once: the work goes to a folder beside it that is renamed only when it is complete, so a
 * fetch that was cut off is never taken for a whole one, and two at a time do not disturb each other.
 */
export async function fetchInto(target: string, fill: (folder: string) => Promise<void>): Promise<void> {
  const unfinished = `${target}.unfinished-${randomUUID()}`;
  mkdirSync(unfinished, { recursive: true });
  try {
    await fill(unfinished);
    rename(unfinished, target);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

function rename(unfinished: string, target: string): void {
  try {
    renameSync(unfinished, target);
  } catch (error) {
    // Another process was first: its copy is the same.
    if (!existsSync(target)) throw error;
  }
}
