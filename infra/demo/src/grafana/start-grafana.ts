import { spawn } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { repositoryRoot, StackError, watchdogFor } from "@tollgate/local-stack";
import type { Environment } from "@tollgate/runtime";
import { grafanaLimits } from "./grafana-limits.ts";
import { grafanaLaunch, type GrafanaFound } from "./grafana-launch.ts";

export interface RunningGrafana {
  readonly url: string;
  stop(): Promise<void>;
}

export interface GrafanaOptions {
  readonly prometheusUrl: string;
  readonly port: number;
  /** Absolute, and its own: files are written there, and Grafana keeps its data there. */
  readonly folder: string;
  /** PATH and HOME. */
  readonly environment: Environment;
}

/** Provisions and starts it. @throws StackError with the end of what it said, when it does not answer. */
export async function startGrafana(found: GrafanaFound, options: GrafanaOptions): Promise<RunningGrafana> {
  const { port, folder } = options;
  const { command, environment, mountedAt } = grafanaLaunch(found, { folder, port });
  provision(options, mountedAt);
  const [program = "", ...args] = command;
  const child = spawn(program, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...options.environment, ...environment },
  });
  const watchdog = child.pid === undefined ? undefined : watchdogFor(child.pid);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on(
      "data",
      (chunk: Buffer) => (said = (said + chunk.toString("utf8")).slice(-grafanaLimits.saidBytes)),
    );
  }
  let over = false;
  const end = Promise.withResolvers<void>();
  const finish = (): void => {
    over = true;
    watchdog?.end();
    end.resolve();
  };
  child.once("error", finish);
  child.once("close", finish);
  const stop = async (): Promise<void> => {
    if (!over) child.kill("SIGTERM");
    await end.promise;
  };
  const url = `http://127.0.0.1:${port}`;
  const endMs = performance.now() + grafanaLimits.readyMs;
  while (!(await isHealthy(url))) {
    if (over || performance.now() > endMs) {
      await stop();
      throw new StackError(`${program} does not answer at ${url}; it said:\n${said}`);
    }
    await delay(grafanaLimits.lookMs);
  }
  return { url, stop };
}

/** What `npm run dashboards` wrote, with this machine's addresses and folders in it. */
function provision({ prometheusUrl, folder }: GrafanaOptions, mountedAt: string): void {
  cpSync(join(repositoryRoot, "dashboards", "generated", "grafana"), folder, { recursive: true });
  for (const kind of ["datasources", "dashboards"]) {
    const path = join(folder, "provisioning", kind, "tollgate.yml");
    const text = readFileSync(path, "utf8")
      .replaceAll("/etc/grafana/tollgate", mountedAt)
      .replaceAll("http://127.0.0.1:9090", prometheusUrl);
    writeFileSync(path, text);
  }
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(grafanaLimits.answerMs);
    return (await fetch(`${url}/api/health`, { signal })).ok;
  } catch {
    return false;
  }
}
