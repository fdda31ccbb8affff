import { join } from "node:path";

import { packageFolder } from "./folders.ts";
import { findExecutable, probe, runTool } from "./run-tool.ts";
import type { ServiceName } from "./service-name.ts";
import { serviceTitles } from "./service-name.ts";

/** Why `docker compose` cannot be used, else undefined. */
export function dockerObstacle(searchPath: string): string | undefined {
  const docker = findExecutable("docker", searchPath);
  if (docker === undefined) return "docker is not on PATH";
  const engine = probe([docker, "info", "--format", "{{.ServerVersion}}"]);
  if (engine === undefined || engine === "") return "no Docker engine answers";
  return probe([docker, "compose", "version"]) === undefined ? "docker has no compose plugin" : undefined;
}

/** One service of `compose.yaml` in a project of its own. */
export interface ContainerOptions {
  readonly stackName: string;
  readonly service: ServiceName;
  readonly port: number;
}

/** Starts the container, on a loopback port; its data stays in the project's volume. */
export async function startContainer(options: ContainerOptions): Promise<void> {
  await compose(options, ["up", "--detach", options.service]);
}

/** Stops and removes the container; its volume stays unless `deleteData`. */
export async function stopContainer(options: ContainerOptions & { deleteData?: boolean }): Promise<void> {
  const volumes = options.deleteData === true ? ["--volumes"] : [];
  await compose(options, ["rm", "--stop", "--force", ...volumes, options.service]);
}

function compose(options: ContainerOptions, args: readonly string[]): Promise<void> {
  const file = join(packageFolder, "compose.yaml");
  const port = `TOLLGATE_LOCAL_PORT=${options.port}`;
  const project = `tollgate-${options.stackName}-${options.service}`;
  return runTool(["env", port, "docker", "compose", "--file", file, "--project-name", project, ...args], {
    folder: packageFolder,
    what: `docker compose for ${serviceTitles[options.service]}`,
  });
}
