import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { choosePort, obtainRedisServer, watchdogFor } from "@tollgate/local-stack";

import { testEnvironment } from "./config.ts";
import { ownRedisReadyLimitMs, ownRedisStartAttempts, shownLogCharacters } from "./limits.ts";
import { until } from "./until.ts";

export interface OwnRedisOptions {
  /** Arguments of `redis-server` beside address, port and folder: `["--requirepass", "secret"]`. */
  readonly arguments?: readonly string[];
  /** Listens with TLS only. */
  readonly tls?: {
    readonly certificateFile: string;
    readonly keyFile: string;
    readonly authorityFile: string;
  };
}

/** A Redis for one test alone, which may be killed or halted. */
export interface OwnRedis {
  readonly port: number;
  /** Without user and password. */
  readonly url: string;
  /** SIGKILL; all data is lost. */
  kill(): Promise<void>;
  /** Starts it again after `kill`, empty, on the same port. */
  restart(): Promise<void>;
  /** Halts it as a machine that hangs would: connections stay, nothing is answered. */
  halt(): void;
  /** Ends `halt`. */
  goOn(): void;
  /** Ends it and deletes its folder. */
  stop(): Promise<void>;
}

/** Starts the `redis-server` of the local stack, in 50 ms or so. Stop it in the test's own clean-up. */
export async function startOwnRedis(options: OwnRedisOptions = {}): Promise<OwnRedis> {
  const program = await obtainRedisServer(testEnvironment()["PATH"] ?? "");
  if (program === undefined) throw new Error("there is no redis-server on this machine: npm run doctor");
  const folder = mkdtempSync(join(volatileFolder(), "tollgate-redis-"));
  const launch = (port: number): Promise<ChildProcess> =>
    launchRedis([program, ...argumentsOf(options, folder, port)], port);
  const first = await onFreePort(launch);
  const { port } = first;
  let { child } = first;
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
  };
  return {
    port,
    url: `${options.tls === undefined ? "redis" : "rediss"}://127.0.0.1:${port}`,
    kill,
    async restart() {
      child = await launch(port);
    },
    halt: () => void child.kill("SIGSTOP"),
    goOn: () => void child.kill("SIGCONT"),
    async stop() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** In memory: a cluster's node stands still until a moved slot is on disk, half a second on a busy one. */
function volatileFolder(): string {
  return existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
}

/** A node of a cluster also takes the port 10,000 above, among the kernel's own: it may be busy. */
async function onFreePort(
  launch: (port: number) => Promise<ChildProcess>,
): Promise<{ readonly port: number; readonly child: ChildProcess }> {
  for (let attempt = 1; ; attempt += 1) {
    const { port } = await choosePort({ taken: new Set() });
    try {
      return { port, child: await launch(port) };
    } catch (error) {
      const busy = String(error).includes("Address already in use");
      if (!busy || attempt === ownRedisStartAttempts) throw error;
    }
  }
}

function argumentsOf(options: OwnRedisOptions, folder: string, port: number): readonly string[] {
  const { tls } = options;
  const secure = {
    port: "0",
    "tls-port": String(port),
    "tls-cert-file": tls?.certificateFile ?? "",
    "tls-key-file": tls?.keyFile ?? "",
    "tls-ca-cert-file": tls?.authorityFile ?? "",
    "tls-auth-clients": "no",
  };
  const settings = {
    bind: "127.0.0.1",
    dir: folder,
    save: "",
    appendonly: "no",
    ...(tls === undefined ? { port: String(port) } : secure),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  return [...flags, ...(options.arguments ?? [])];
}

async function launchRedis(command: readonly string[], port: number): Promise<ChildProcess> {
  const [file = "", ...rest] = command;
  const child = spawn(file, rest, { stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  const collect = (chunk: Buffer): void => {
    log = (log + chunk.toString("utf8")).slice(-shownLogCharacters);
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  if (child.pid !== undefined) {
    const watchdog = watchdogFor(child.pid);
    child.once("exit", () => watchdog.end());
  }
  const ended = new Promise<never>((_resolve, reject) => {
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`redis-server ended at once:\n${log}`)));
  });
  const listening = until(() => listens(port), {
    describe: `a redis-server on port ${port}`,
    deadlineMs: ownRedisReadyLimitMs,
  });
  await Promise.race([listening, ended]);
  // Its later end is the test's business.
  ended.catch(() => {});
  return child;
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
