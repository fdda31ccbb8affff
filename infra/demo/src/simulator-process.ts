import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import type { Environment } from "@tollgate/runtime";
import { repositoryRoot, watchdogFor } from "@tollgate/local-stack";

/** What the demo reads of the simulator's own reports: one a second, and one of the whole run at its end. */
export interface SimulatorProgress {
  readonly eventTime: string | null;
  readonly sentKafka: number;
  readonly failedKafka: number;
  readonly droppedKafka: number;
  readonly acceptedHttp: number;
  readonly failedHttp: number;
  readonly droppedHttp: number;
  readonly labelsSent: number;
  readonly httpMs: { readonly p50: number; readonly p99: number };
  readonly lastFailure: string | null;
}

export interface SimulatorProcess {
  readonly pid: number | undefined;
  /** The last report; undefined before the first. */
  progress(): SimulatorProgress | undefined;
  running(): boolean;
  /** Settles with the exit code when everything in flight is answered. */
  readonly ended: Promise<number>;
  /** Asks it to finish what is in flight. */
  finish(): void;
}

export interface SimulatorOptions {
  readonly arguments: readonly string[];
  readonly environment: Environment;
  readonly logPath: string;
}

export function startSimulator(options: SimulatorOptions): SimulatorProcess {
  const child = spawn(process.execPath, ["apps/simulator/src/main.ts", ...options.arguments], {
    cwd: repositoryRoot,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...options.environment },
    detached: true,
  });
  const watchdog = child.pid === undefined ? undefined : watchdogFor(child.pid);
  child.stderr.pipe(createWriteStream(options.logPath, { flags: "a" }));
  let last: SimulatorProgress | undefined;
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (line.startsWith("{")) last = JSON.parse(line) as SimulatorProgress;
  });
  const ended = new Promise<number>((resolve) => {
    child.once("close", (code) => {
      watchdog?.end();
      resolve(code ?? 1);
    });
  });
  const running = (): boolean => child.exitCode === null && child.signalCode === null;
  return { pid: child.pid, progress: () => last, running, ended, finish: () => child.kill("SIGTERM") };
}
