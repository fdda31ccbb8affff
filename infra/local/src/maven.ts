import { repositoryRoot } from "./folders.ts";
import { findExecutable, runTool } from "./run-tool.ts";

/** Why Maven artifacts cannot be fetched here, else undefined. */
export function mavenObstacle(searchPath: string): string | undefined {
  return findExecutable("mvn", searchPath) === undefined ? "mvn is not on PATH" : undefined;
}

/** Runs Maven goals of a pom, quietly, without asking anything. */
export function runMaven(pomPath: string, goals: readonly string[]): Promise<void> {
  return runTool(["mvn", "--quiet", "--batch-mode", "--file", pomPath, ...goals], {
    folder: repositoryRoot,
    what: "fetching with Maven",
  });
}
