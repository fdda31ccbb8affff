import { chmodSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { within } from "@tollgate/runtime";
import { Redis } from "ioredis";

import { fetchInto } from "./fetch-into.ts";
import { fetchedFolder, packageFolder } from "./folders.ts";
import { answerLimitMs } from "./limits.ts";
import { mavenObstacle, runMaven } from "./maven.ts";
import { findExecutable, probe } from "./run-tool.ts";
import type { Binaries, Launch, LaunchContext, ServiceDefinition } from "./service-definition.ts";

const minimumRedisVersion: readonly [number, number] = [6, 2];

/** Redis without persistence: its states are a view of the log, and are rebuilt from it. */
export const redisService: ServiceDefinition = {
  name: "redis",
  defaultPort: 6379,
  remedy: "install redis-server 6.2 or newer (Debian: apt-get install redis-server), or Maven, to fetch it",
  findInstalled(searchPath) {
    const path = findExecutable("redis-server", searchPath);
    return path === undefined ? undefined : usable(path);
  },
  findFetched() {
    const folder = fetchedFolder("redis");
    const name = existsSync(folder)
      ? readdirSync(folder).find((file) => file.endsWith(binarySuffix()))
      : undefined;
    return name === undefined ? undefined : usable(join(folder, name));
  },
  fetchObstacle: mavenObstacle,
  async fetch() {
    await fetchInto(fetchedFolder("redis"), async (folder) => {
      await runMaven(join(packageFolder, "redis", "pom.xml"), [
        "dependency:unpack-dependencies",
        "-DincludeArtifactIds=embedded-redis",
        `-Dmdep.unpack.includes=redis-server-*${binarySuffix()}`,
        `-DoutputDirectory=${folder}`,
        `-DmarkersDirectory=${join(folder, "markers")}`,
      ]);
      for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o755);
    });
  },
  prepare: prepareRedis,
  url: (port) => `redis://127.0.0.1:${port}`,
  answers: redisAnswers,
};

/** The `redis-server` that the stack would start, fetched when need be; undefined when none can be had. */
export async function obtainRedisServer(searchPath: string): Promise<string | undefined> {
  const find = (): Binaries | undefined =>
    redisService.findInstalled(searchPath) ?? redisService.findFetched(searchPath);
  if (find() === undefined && redisService.fetchObstacle(searchPath) === undefined)
    await redisService.fetch();
  return find()?.path;
}

async function prepareRedis(binaries: Binaries, context: LaunchContext): Promise<Launch> {
  mkdirSync(context.folder, { recursive: true });
  const settings = {
    bind: "127.0.0.1",
    port: context.port,
    dir: context.folder,
    save: "",
    appendonly: "no",
    // Evicting a card's state would be a silent zero in its features: writes fail loudly instead.
    "maxmemory-policy": "noeviction",
  };
  const options = Object.entries(settings).flatMap(([key, value]) => [`--${key}`, String(value)]);
  return Promise.resolve({ command: [binaries.path, ...options], stopSignal: "SIGTERM" });
}

function binarySuffix(): string {
  const processor = process.arch === "x64" ? "amd64" : process.arch;
  return `${process.platform}-${processor}`;
}

function usable(path: string): Binaries | undefined {
  const version = /v=(\d+)\.(\d+)\.\d+/.exec(probe([path, "--version"]) ?? "");
  if (version === null) return undefined;
  const [major, minor] = [Number(version[1]), Number(version[2])];
  const [minimumMajor, minimumMinor] = minimumRedisVersion;
  const newEnough = major > minimumMajor || (major === minimumMajor && minor >= minimumMinor);
  return newEnough ? { path, label: `Redis ${version[0].slice(2)}` } : undefined;
}

async function redisAnswers(url: string): Promise<void> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: answerLimitMs,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  // A refused connection is the answer here: `connect` rejects as well.
  redis.on("error", () => {});
  try {
    await within(redis.connect(), answerLimitMs, "connecting to Redis");
    await within(redis.ping(), answerLimitMs, "Redis's PING");
  } finally {
    redis.disconnect();
  }
}
