import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { debianObstacle, fetchDebianPackage } from "./fetch-debian-package.ts";
import { fetchedFolder } from "./folders.ts";
import { findExecutable } from "./run-tool.ts";
import { StackError } from "./stack-error.ts";

/** Programs around Prometheus, and the Debian package that each is in. */
const packages = {
  prometheus: "prometheus",
  promtool: "prometheus",
  "prometheus-alertmanager": "prometheus-alertmanager",
  amtool: "prometheus-alertmanager",
} as const;

export type MonitoringTool = keyof typeof packages;

/** A program that can be started. */
export interface MonitoringProgram {
  readonly path: string;
  /** The folder that it must be started in; undefined for one that may be started anywhere. */
  readonly workingFolder: string | undefined;
}

/**
 * A monitoring program: the one on the search path, else the one fetched (once, into `.local/`).
 * @throws StackError when there is none and none can be fetched.
 */
export async function monitoringTool(tool: MonitoringTool, searchPath: string): Promise<MonitoringProgram> {
  const installed = findExecutable(tool, searchPath);
  if (installed !== undefined) return { path: installed, workingFolder: undefined };
  const name = packages[tool];
  const folder = fetchedFolder(name);
  const path = join(folder, "usr", "bin", tool);
  const program = {
    path,
    workingFolder: name === "prometheus" ? undefined : join(folder, ...templateFolder),
  };
  if (existsSync(path)) return program;
  const obstacle = debianObstacle(searchPath);
  if (obstacle !== undefined) {
    throw new StackError(`${tool} is missing: ${obstacle}; install the package ${name}.`);
  }
  await fetchDebianPackage(name, folder, name === "prometheus" ? undefined : findTemplatesHere);
  return program;
}

const templateFolder = ["usr", "share", "prometheus", "alertmanager"];

/**
 * Debian's Alertmanager reads its templates from /usr/share, where they are not when it is only unpacked.
 * That folder in the program is replaced by a name, as long, of the working folder.
 */
function findTemplatesHere(folder: string): void {
  const program = join(folder, "usr", "bin", "prometheus-alertmanager");
  const installed = Buffer.from(`/${templateFolder.join("/")}`);
  const here = Buffer.from("./".repeat(installed.length / 2));
  const bytes = readFileSync(program);
  for (let at = bytes.indexOf(installed); at >= 0; at = bytes.indexOf(installed, at)) here.copy(bytes, at);
  writeFileSync(program, bytes);
}
