import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { Environment } from "@tollgate/runtime";
import { watchdogFor } from "@tollgate/local-stack";
import { LoadError } from "../run/load-error.ts";
import { familyOf } from "../run/process-usage.ts";
import { peerLimits } from "./limits.ts";

/** A server that answers. */
export interface PeerProcess {
  readonly pid: number;
  /** Ends it and everything it started. */
  stop(): Promise<void>;
}

/** Returns when it answers a transaction with 200. @throws LoadError with the end of its log. */
export async function startPeer(options: {
  readonly name: string;
  readonly command: readonly string[];
  readonly folder: string;
  readonly environment: Environment;
  readonly logPath: string;
  readonly url: string;
  readonly body: string;
}): Promise<PeerProcess> {
  const { name, command, folder, environment, logPath, url, body } = options;
  const [file = "", ...args] = command;
  const log = openSync(logPath, "w");
  const child = spawn(file, args, {
    cwd: folder,
    stdio: ["ignore", log, log],
    env: { ...environment },
    detached: true,
  });
  closeSync(log);
  const started = new Promise<number>((resolve, reject) => {
    child.once("error", (error) => reject(new LoadError(`${name} did not start: ${error.message}`)));
    child.once("spawn", () => resolve(child.pid ?? 0));
  });
  const pid = await started;
  const watchdog = watchdogFor(pid);
  const stop = async (): Promise<void> => {
    await stopFamily(pid, () => child.exitCode === null && child.signalCode === null);
    watchdog.end();
  };
  const endMs = performance.now() + peerLimits.readyMs;
  while ((await postOnce(url, body)) === undefined) {
    if (performance.now() > endMs || child.exitCode !== null) {
      await stop();
      const tail = readFileSync(logPath, "utf8").trimEnd().split("\n").at(-1) ?? "";
      throw new LoadError(`did not answer: ${tail.slice(0, 120)}`);
    }
    await delay(peerLimits.readyPollMs);
  }
  return { pid, stop };
}

/** The answer's text when it is a 200, else undefined. */
export async function postOnce(url: string, body: string, key = ""): Promise<string | undefined> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
      body,
      signal: AbortSignal.timeout(peerLimits.answerMs),
    });
    const text = await response.text();
    return response.ok ? text : undefined;
  } catch {
    return undefined;
  }
}

/** SIGTERM to the server; SIGKILL to whatever of its family is left when its time is over. */
async function stopFamily(pid: number, running: () => boolean): Promise<void> {
  const family = familyOf(pid);
  signal(pid, "SIGTERM");
  const endMs = performance.now() + peerLimits.stopMs;
  while (running() && performance.now() < endMs) await delay(peerLimits.readyPollMs);
  for (const { pid: member, alive } of family) if (alive()) signal(member, "SIGKILL");
}

function signal(pid: number, name: "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(pid, name);
  } catch {
    // It is gone already.
  }
}
