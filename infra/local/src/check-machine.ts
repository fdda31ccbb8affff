import { existsSync, readFileSync, statfsSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";

import type { Check } from "./check.ts";
import type { LocalStackConfig } from "./config.ts";
import { repositoryRoot } from "./folders.ts";
import { findJava, minimumJavaMajor } from "./java.ts";
import { findExecutable, probe } from "./run-tool.ts";

/** The demo holds a Kafka of 0.5 GiB heap, PostgreSQL, Redis and four Node processes. */
const neededMemoryGiB = 4;

/** Fetched services take 0.3 GiB, node_modules 0.5 GiB, an hour of the demo some more. */
const neededDiskGiB = 3;

/** Node, dependencies, Java, Maven, memory, disk, and what only training or a GPU needs. */
export function checkMachine(config: LocalStackConfig): readonly Check[] {
  return [
    checkNode(),
    checkDependencies(),
    checkJava(config.searchPath),
    checkMaven(config.searchPath),
    checkMemory(),
    checkDisk(),
    checkPython(config.searchPath),
    checkGpu(config.searchPath),
  ];
}

function checkNode(): Check {
  const packageName = `node-${process.platform}-${process.arch}`;
  const pinned = versionOf(packageName);
  const found = process.versions.node;
  if (pinned === undefined) {
    return { title: "Node", state: "good", found: `${found} (no pinned one for this platform)` };
  }
  const state = pinned === found ? "good" : "bad";
  return { title: "Node", state, found: `${found} (pinned: ${pinned})`, fix: "run this as `npm run doctor`" };
}

function checkDependencies(): Check {
  const missing = ["kafkajs", "ioredis", "pg", "onnxruntime-node"].filter(
    (name) => versionOf(name) === undefined,
  );
  if (missing.length === 0) return { title: "npm packages", state: "good", found: "installed" };
  return { title: "npm packages", state: "bad", found: `missing: ${missing.join(", ")}`, fix: "npm ci" };
}

function checkJava(searchPath: string): Check {
  const java = findJava(searchPath);
  if ("path" in java)
    return { title: "Java", state: "good", found: probe([java.path, "-version"]) ?? java.path };
  const fix = `install a Java runtime ${minimumJavaMajor} or newer, or set TOLLGATE_KAFKA_BROKERS`;
  return { title: "Java", state: "optional", found: java.obstacle, fix };
}

function checkMaven(searchPath: string): Check {
  const path = findExecutable("mvn", searchPath);
  if (path !== undefined) return { title: "Maven", state: "good", found: path };
  const fix = "install maven: it fetches Kafka and Redis where they are not installed";
  return { title: "Maven", state: "optional", found: "not on PATH", fix };
}

function checkMemory(): Check {
  const gibibytes = totalmem() / 2 ** 30;
  const found = `${gibibytes.toFixed(1)} GiB, ${availableParallelism()} cores`;
  const state = gibibytes >= neededMemoryGiB ? "good" : "bad";
  return { title: "Memory", state, found, fix: `the demo needs ${neededMemoryGiB} GiB` };
}

function checkDisk(): Check {
  const disk = statfsSync(repositoryRoot);
  const gibibytes = (disk.bavail * disk.bsize) / 2 ** 30;
  const state = gibibytes >= neededDiskGiB ? "good" : "bad";
  const fix = `free ${neededDiskGiB} GiB: npm run stack -- reset, or delete .local/`;
  return { title: "Disk", state, found: `${gibibytes.toFixed(1)} GiB free`, fix };
}

function checkPython(searchPath: string): Check {
  const path = findExecutable("python3", searchPath);
  const found = path === undefined ? "not on PATH" : (probe([path, "--version"]) ?? "does not run");
  const minor = Number(/Python 3\.(\d+)/.exec(found)?.[1] ?? 0);
  const state = minor >= 11 ? "good" : "optional";
  return {
    title: "Python",
    state,
    found,
    fix: "install Python 3.11 or newer; only training a model needs it",
  };
}

function checkGpu(searchPath: string): Check {
  const path = findExecutable("nvidia-smi", searchPath);
  const name = path === undefined ? undefined : probe([path, "--query-gpu=name", "--format=csv,noheader"]);
  if (name !== undefined) return { title: "GPU", state: "good", found: name };
  return { title: "GPU", state: "optional", found: "none; models run on the CPU" };
}

function versionOf(packageName: string): string | undefined {
  const path = join(repositoryRoot, "node_modules", packageName, "package.json");
  if (!existsSync(path)) return undefined;
  const manifest = JSON.parse(readFileSync(path, "utf8")) as { version?: string };
  return manifest.version;
}
