import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { repositoryRoot, StackError, stackStatus } from "@tollgate/local-stack";
import { checkLimits } from "./limits.ts";

/** A Prometheus that scrapes a running demo. */
export interface DemoPrometheus {
  readonly url: string;
  /** Whether it was started for this, a moment ago. */
  readonly fresh: boolean;
  stop(): Promise<void>;
}

/**
 * The demo that runs; else one is started, which the caller stops, interrupted or not.
 * @throws StackError when it cannot be started, AbortError when it is interrupted on the way.
 */
export async function demoPrometheus(
  say: (line: string) => void,
  interrupted: AbortSignal,
): Promise<DemoPrometheus> {
  const running = await readyPrometheus();
  if (running !== undefined) {
    return { url: running, fresh: false, stop: () => Promise.resolve() };
  }
  say("starting the demo …");
  const folder = join(repositoryRoot, ".local", "reports");
  mkdirSync(folder, { recursive: true });
  const logPath = join(folder, "dashboards-check-demo.log");
  const log = openSync(logPath, "w");
  const rate = String(checkLimits.demoRatePerSecond);
  const options = ["--rate", rate, "--customers", String(checkLimits.demoCustomers), "--exporters"];
  const demo = spawn(process.execPath, ["infra/demo/src/demo-command.ts", ...options], {
    cwd: repositoryRoot,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  const stop = (): Promise<void> => stopDemo(demo);
  try {
    await waitForFlow(demo, logPath, interrupted);
    const url = await readyPrometheus();
    if (url === undefined) throw new StackError("the demo runs, and its Prometheus does not answer");
    return { url, fresh: true, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function readyPrometheus(): Promise<string | undefined> {
  const services = await stackStatus("demo");
  return services.find(({ service, state }) => service === "prometheus" && state === "ready")?.url;
}

/** Its first line of progress comes when transactions flow. */
async function waitForFlow(demo: ChildProcess, logPath: string, interrupted: AbortSignal): Promise<void> {
  const endMs = performance.now() + checkLimits.demoReadyMs;
  while (!/ decided /u.test(readFileSync(logPath, "utf8"))) {
    if (demo.exitCode !== null || performance.now() > endMs) {
      const tail = readFileSync(logPath, "utf8").trimEnd().split("\n").slice(-15).join("\n");
      throw new StackError(`the demo did not start; ${logPath} ends with:\n${tail}`);
    }
    await delay(1_000, undefined, { signal: interrupted });
  }
}

async function stopDemo(demo: ChildProcess): Promise<void> {
  if (demo.exitCode !== null || demo.signalCode !== null) return;
  const ended = new Promise((resolve) => demo.once("exit", resolve));
  demo.kill("SIGTERM");
  const timer = setTimeout(() => demo.kill("SIGKILL"), checkLimits.demoStopMs);
  await ended;
  clearTimeout(timer);
}
