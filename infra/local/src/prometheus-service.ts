import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { debianObstacle, fetchDebianPackage } from "./fetch-debian-package.ts";
import { fetchedFolder, repositoryRoot } from "./folders.ts";
import { answerLimitMs } from "./limits.ts";
import { findExecutable, probe } from "./run-tool.ts";
import type { Binaries, Launch, LaunchContext, ServiceDefinition } from "./service-definition.ts";

/**
 * Prometheus; it scrapes what the files in its `targets` folder name, and re-reads them when they change. It
 * evaluates the platform's alerts, and tells nobody: they are seen on its own page and on the dashboards.
 */
export const prometheusService: ServiceDefinition = {
  name: "prometheus",
  defaultPort: 9090,
  remedy: "install Prometheus and put it on PATH (Debian: apt-get install prometheus)",
  findInstalled(searchPath) {
    const path = findExecutable("prometheus", searchPath);
    return path === undefined ? undefined : usable(path);
  },
  findFetched: () => usable(join(fetchedFolder("prometheus"), "usr", "bin", "prometheus")),
  fetchObstacle: debianObstacle,
  fetch: () => fetchDebianPackage("prometheus", fetchedFolder("prometheus")),
  prepare: preparePrometheus,
  url: (port) => `http://127.0.0.1:${port}`,
  async answers(url) {
    const response = await fetch(`${url}/-/ready`, { signal: AbortSignal.timeout(answerLimitMs) });
    if (!response.ok) throw new Error(`Prometheus answers ${response.status}`);
  },
};

/** What `npm run dashboards` writes. */
const ruleFiles = "dashboards/generated/prometheus/*.rules.yml";

async function preparePrometheus(binaries: Binaries, context: LaunchContext): Promise<Launch> {
  const targets = join(context.folder, "targets");
  // Made before it starts: a folder that comes later is seen minutes later.
  mkdirSync(join(targets, "exporters"), { recursive: true });
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
    "  evaluation_interval: 5s",
    `rule_files: [${JSON.stringify(join(repositoryRoot, ruleFiles))}]`,
    "scrape_configs:",
    "  - job_name: tollgate",
    "    file_sd_configs:",
    `      - files: [${JSON.stringify(join(targetsFolder, "*.json"))}]`,
    // Exporters ask the services themselves: less often than the platform's own processes.
    "  - job_name: exporters",
    "    scrape_interval: 15s",
    "    file_sd_configs:",
    `      - files: [${JSON.stringify(join(targetsFolder, "exporters", "*.json"))}]`,
    "",
  ].join("\n");
}

function usable(path: string): Binaries | undefined {
  if (!existsSync(path)) return undefined;
  const version = /version (\d+\.\d+\.\d+)/.exec(probe([path, "--version"]) ?? "")?.[1];
  return version === undefined ? undefined : { path, label: `Prometheus ${version}` };
}
