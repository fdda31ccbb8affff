import { spawn, spawnSync } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

import { fetchLimitMs, probeLimitMs, shownLogLines } from "./limits.ts";
import { StackError } from "./stack-error.ts";

/** Finds an executable in a search path like PATH. */
export function findExecutable(name: string, searchPath: string): string | undefined {
  return searchPath
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

/** The first line a tool prints when it ends well ("PostgreSQL 15.18"), else undefined. */
export function probe(command: readonly string[]): string | undefined {
  const [file = "", ...args] = command;
  const result = spawnSync(file, args, { encoding: "utf8", timeout: probeLimitMs });
  if (result.status !== 0) return undefined;
  return (
    `${result.stdout}\n${result.stderr}`
      .split("\n")
      .find((line) => line.trim() !== "")
      ?.trim() ?? ""
  );
}

/** Runs a tool to its end; fails with its last lines. Output goes nowhere else. */
export function runTool(
  command: readonly string[],
  options: { folder: string; what: string },
): Promise<void> {
  const [file = "", ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: options.folder,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: fetchLimitMs,
    });
    const lines: string[] = [];
    const collect = (chunk: Buffer): void => {
      lines.push(
        ...chunk
          .toString("utf8")
          .split("\n")
          .filter((line) => line.trim() !== ""),
      );
      lines.splice(0, Math.max(0, lines.length - shownLogLines));
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.once("error", (error) =>
      reject(new StackError(`${options.what}: ${file} did not run: ${error.message}`)),
    );
    child.once("close", (code) => {
      if (code === 0) resolve();
      else
        reject(new StackError(`${options.what} failed (${file} ended with ${code}):\n${lines.join("\n")}`));
    });
  });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
