import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { fetchInto } from "./fetch-into.ts";
import { fetchedFolder } from "./folders.ts";
import { answerLimitMs } from "./limits.ts";
import { findExecutable, probe, runTool } from "./run-tool.ts";
import type { Binaries, Launch, LaunchContext, ServiceDefinition } from "./service-definition.ts";

/** Prometheus; it scrapes what the files in its `targets` folder name, and re-reads them when they change. */
export const prometheusService: ServiceDefinition = {
  name: "prometheus",
  defaultPort: 9090,
  remedy: "install Prometheus and put it on PATH (Debian: apt-get install prometheus)",
  findInstalled(searchPath) {
    const path = findExecutable("prometheus", searchPath);
    return path === undefined ? undefined : usable(path);
  },
  findFetched: () => usable(join(fetchedFolder("prometheus"), "usr", "bin", "prometheus")),
  fetchObstacle(searchPath) {
    const missing = ["apt-get", "dpkg-deb"].find((tool) => findExecutable(tool, searchPath) === undefined);
    return missing === undefined ? undefined : `${missing} is not on PATH`;
  },
  fetch: () => fetchDebianPackage(fetchedFolder("prometheus")),
  prepare: preparePrometheus,
  url: (port) => `http://127.0.0.1:${port}`,
  async answers(url) {
    const response = await fetch(`${url}/-/ready`, { signal: AbortSignal.timeout(answerLimitMs) });
    if (!response.ok) throw new Error(`Prometheus answers ${response.status}`);
  },
};

/** Downloads and unpacks the package; installs nothing, so that the machine stays as it is. */
async function fetchDebianPackage(target: string): Promise<void> {
  await fetchInto(target, async (folder) => {
    const run = (...command: readonly string[]): Promise<void> =>
      runTool(command, { folder, what: "fetching Prometheus's Debian package" });
    try {
      await run("apt-get", "download", "--quiet", "prometheus");
    } catch {
      // The package lists of a fresh machine are empty or old.
      await run("apt-get", "update", "--quiet");
      await run("apt-get", "download", "--quiet", "prometheus");
    }
    const archive = readdirSync(folder).find((name) => name.endsWith(".deb")) ?? "";
    await run("dpkg-deb", "--extract", archive, ".");
    rmSync(join(folder, archive));
  });
}

async function preparePrometheus(binaries: Binaries, context: LaunchContext): Promise<Launch> {
  const targets = join(context.folder, "targets");
  mkdirSync(targets, { recursive: true });
  const configPath = join(context.folder, "prometheus.yml");
  writeFileSync(configPath, prometheusConfiguration(targets));
  const options = {
    "config.file": configPath,
    "storage.tsdb.path": join(context.folder, "data"),
    "web.listen-address": `127.0.0.1:${context.port}`,
  };
  const flags = Object.entries(options).map(([key, value]) => `--${key}=${value}`);
  return Promise.resolve({ command: [binaries.path, ...flags, "--log.level=warn"], stopSignal: "SIGTERM" });
}

function prometheusConfiguration(targetsFolder: string): string {
  return [
    "global:",
    "  scrape_interval: 5s",
    "scrape_configs:",
    "  - job_name: tollgate",
    "    file_sd_configs:",
    `      - files: [${JSON.stringify(join(targetsFolder, "*.json"))}]`,
    "",
  ].join("\n");
}

function usable(path: string): Binaries | undefined {
  if (!existsSync(path)) return undefined;
  const version = /version (\d+\.\d+\.\d+)/.exec(probe([path, "--version"]) ?? "")?.[1];
  return version === undefined ? undefined : { path, label: `Prometheus ${version}` };
}
