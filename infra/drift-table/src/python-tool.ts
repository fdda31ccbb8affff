import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = new URL("../../../", import.meta.url);

/** A path of the repository. */
export function repositoryPath(path: string): string {
  return fileURLToPath(new URL(path, root));
}

const runLimitMs = 3_600_000;
const outputBytesMax = 64 * 1024 * 1024;

/** Runs a script to its end and gives its last line; what it says beside goes to standard error. */
export async function runPython(python: string, args: readonly string[]): Promise<string> {
  const child = run(python, [...args], { timeout: runLimitMs, maxBuffer: outputBytesMax });
  child.child.stderr?.pipe(process.stderr);
  const { stdout } = await child;
  return stdout.trim().split("\n").at(-1) ?? "";
}
