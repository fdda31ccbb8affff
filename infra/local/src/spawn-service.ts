import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { dirname } from "node:path";

import { processEnvironment } from "./config.ts";
import { shownLogLines } from "./limits.ts";
import type { ProcessIdentity } from "./process-identity.ts";
import { identifyProcess } from "./process-identity.ts";
import type { Launch } from "./service-definition.ts";
import { StackError } from "./stack-error.ts";

/** Starts a service in a session of its own, its output appended to a log file. */
export async function spawnService(launch: Launch, logPath: string): Promise<ProcessIdentity> {
  mkdirSync(dirname(logPath), { recursive: true });
  const log = openSync(logPath, "a");
  const [file = "", ...args] = launch.command;
  try {
    const child = spawn(file, args, {
      detached: true,
      stdio: ["ignore", log, log],
      cwd: dirname(logPath),
      env: { ...processEnvironment(), ...launch.environment },
    });
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", (error) => reject(new StackError(`${file} did not start: ${error.message}`)));
    });
    child.unref();
    const identity = child.pid === undefined ? undefined : identifyProcess(child.pid);
    if (identity !== undefined) return identity;
  } finally {
    closeSync(log);
  }
  throw new StackError(`${file} ended at once:\n${lastLogLines(logPath)}`);
}

/** The end of a log, for the message that says why a service did not start. */
export function lastLogLines(logPath: string): string {
  const lines = readFileSync(logPath, "utf8").trimEnd().split("\n");
  return lines.slice(-shownLogLines).join("\n");
}
