import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Environment } from "@tollgate/runtime";
import { repositoryRoot, StackError, watchdogFor } from "@tollgate/local-stack";
import { demoLimits } from "./demo-limits.ts";
import { giveWay } from "./give-way.ts";

export interface AppProcessOptions {
  readonly name: string;
  /** Path from the repository's root. */
  readonly entry: string;
  readonly arguments?: readonly string[];
  readonly environment: Environment;
  readonly logFolder: string;
  /** Answers 2xx when the app is ready. */
  readonly readyUrl: string;
  /** 0, or up to 19 for what may be a moment late when the processors are busy. */
  readonly niceness: number;
}

/** An app of the platform as a child process: started again when it ends by itself. */
export interface AppProcess {
  readonly name: string;
  readonly logPath: string;
  pid(): number | undefined;
  restarts(): number;
  /** False once it has ended more often than {@link demoLimits.restartsPerPart}. */
  alive(): boolean;
  stop(): Promise<void>;
}

/** Starts it and returns when it is ready. @throws StackError with the end of its log. */
export async function startApp(options: AppProcessOptions): Promise<AppProcess> {
  mkdirSync(options.logFolder, { recursive: true });
  const logPath = join(options.logFolder, `${options.name}.log`);
  const state: ProcessState = { child: undefined, stopping: false, restarts: 0, gaveUp: false };
  launch(options, logPath, state);
  await waitUntilReady(options, logPath, state);
  // Not before: a process that gives way takes minutes to start on a busy machine.
  if (state.child?.pid !== undefined) giveWay(state.child.pid, options.niceness);
  return {
    name: options.name,
    logPath,
    pid: () => state.child?.pid,
    restarts: () => state.restarts,
    alive: () => !state.gaveUp,
    async stop() {
      state.stopping = true;
      const { child } = state;
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), demoLimits.partStopMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

interface ProcessState {
  child: ChildProcess | undefined;
  stopping: boolean;
  restarts: number;
  gaveUp: boolean;
}

function launch(options: AppProcessOptions, logPath: string, state: ProcessState): void {
  const log = openSync(logPath, "a");
  const child = spawn(process.execPath, [options.entry, ...(options.arguments ?? [])], {
    cwd: repositoryRoot,
    stdio: ["ignore", log, log],
    env: { ...options.environment },
    // Its own group: Ctrl-C reaches the demo alone, which stops the parts in order.
    detached: true,
  });
  closeSync(log);
  state.child = child;
  const watchdog = child.pid === undefined ? undefined : watchdogFor(child.pid);
  child.once("exit", () => {
    watchdog?.end();
    void again(options, logPath, state);
  });
}

async function again(options: AppProcessOptions, logPath: string, state: ProcessState): Promise<void> {
  if (state.stopping) return;
  if (state.restarts >= demoLimits.restartsPerPart) {
    state.gaveUp = true;
    return;
  }
  await delay(demoLimits.restartPauseMs);
  if (state.stopping) return;
  state.restarts += 1;
  launch(options, logPath, state);
  if (state.child?.pid !== undefined) giveWay(state.child.pid, options.niceness);
}

async function waitUntilReady(
  options: AppProcessOptions,
  logPath: string,
  state: ProcessState,
): Promise<void> {
  const endMs = performance.now() + demoLimits.partReadyMs;
  while (!(await isReady(options.readyUrl))) {
    if (performance.now() > endMs || state.restarts > 0) {
      state.stopping = true;
      state.child?.kill("SIGKILL");
      const tail = readFileSync(logPath, "utf8").trimEnd().split("\n").slice(-15).join("\n");
      throw new StackError(`${options.name} did not become ready. Its log, ${logPath}, ends with:\n${tail}`);
    }
    await delay(100);
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
