import { spawn, type ChildProcess } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import type { Environment } from "@tollgate/runtime";
import { watchdogFor } from "@tollgate/local-stack";

import { testEnvironment } from "./config.ts";
import {
  appReadyLimitMs,
  appStopLimitMs,
  defaultIntervalMs,
  keptLogCharacters,
  shownLogCharacters,
} from "./limits.ts";

export interface SpawnAppOptions {
  /** Path of the app's TypeScript entry. */
  readonly entry: string;
  readonly arguments?: readonly string[];
  /** The app's settings; of this process it gets PATH, HOME and TMPDIR only. */
  readonly environment: Environment;
  /** Waited for until it answers 2xx. Without it, waiting is the test's own business. */
  readonly readyUrl?: string;
}

/** A running app of the platform. */
export interface SpawnedApp {
  readonly pid: number;
  /** What it has written to standard output and error so far (the end of it). */
  logs(): string;
  alive(): boolean;
  /** Sends a signal and returns when the process is gone. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** SIGTERM, then SIGKILL after the limit; returns the exit code, or the signal that ended it. */
  stop(): Promise<number | NodeJS.Signals>;
  /** Settles when the process has ended. */
  readonly exited: Promise<number | NodeJS.Signals>;
}

/** Starts an app on this Node. It ends with the test run, even when that is killed. */
export async function spawnApp(options: SpawnAppOptions): Promise<SpawnedApp> {
  const { PATH, HOME, TMPDIR } = testEnvironment();
  const child = spawn(process.execPath, [options.entry, ...(options.arguments ?? [])], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH, HOME, TMPDIR, ...options.environment },
  });
  const logs = collectLogs(child);
  const exited = new Promise<number | NodeJS.Signals>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? signal ?? 0));
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${options.entry} did not start: ${String(await exited)}`);
  const watchdog = watchdogFor(pid);
  void exited.then(() => watchdog.end());
  const app = appOf({ child, pid, logs, exited });
  if (options.readyUrl !== undefined) await waitForUrl(app, options.readyUrl, options.entry);
  return app;
}

function appOf(parts: {
  child: ChildProcess;
  pid: number;
  logs: () => string;
  exited: Promise<number | NodeJS.Signals>;
}): SpawnedApp {
  const { child, pid, logs, exited } = parts;
  const alive = (): boolean => child.exitCode === null && child.signalCode === null;
  return {
    pid,
    logs,
    alive,
    exited,
    async kill(signal) {
      if (alive()) child.kill(signal);
      await exited;
    },
    async stop() {
      if (alive()) child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), appStopLimitMs);
      const end = await exited;
      clearTimeout(timer);
      return end;
    },
  };
}

function collectLogs(child: ChildProcess): () => string {
  let text = "";
  const append = (chunk: Buffer): void => {
    text = (text + chunk.toString("utf8")).slice(-keptLogCharacters);
  };
  child.stdout?.on("data", append);
  child.stderr?.on("data", append);
  return () => text;
}

async function waitForUrl(app: SpawnedApp, url: string, entry: string): Promise<void> {
  const endMs = performance.now() + appReadyLimitMs;
  while (!(await answers(url))) {
    const late = performance.now() > endMs;
    if (app.alive() && !late) {
      await delay(defaultIntervalMs);
      continue;
    }
    const why = late ? `${url} did not answer within ${appReadyLimitMs} ms` : "it ended before it was ready";
    const end = app.logs().slice(-shownLogCharacters);
    await app.kill("SIGKILL");
    throw new Error(`${entry}: ${why}. Its log ends with:\n${end}`);
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(appReadyLimitMs) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
