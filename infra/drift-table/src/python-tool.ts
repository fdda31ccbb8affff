import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = new URL("../../../", import.meta.url);

/** A path of the repository. */
export function repositoryPath(path: string): string {
  return fileURLToPath(new URL(path, root));
}

const installLimitMs = 900_000;
const runLimitMs = 3_600_000;
const outputBytesMax = 64 * 1024 * 1024;

/**
 * A Python with the packages of a requirements file: made on first use, and made anew when that file has
 * changed since. Throws when it cannot be made.
 */
export async function preparePython(options: {
  readonly environment: string;
  readonly requirements: string;
}): Promise<string> {
  const { environment, requirements } = options;
  const python = `${environment}/bin/python`;
  const stamp = `${environment}/requirements-digest`;
  const digest = createHash("sha256")
    .update(await readFile(requirements))
    .digest("hex");
  if ((await readFile(stamp, "utf8").catch(() => "")) === digest) return python;
  await rm(environment, { recursive: true, force: true });
  await run("python3", ["-m", "venv", environment]);
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements];
  await run(python, pip, { timeout: installLimitMs });
  await writeFile(stamp, digest);
  return python;
}

/** Runs a script to its end and gives its last line; what it says beside goes to standard error. */
export async function runPython(python: string, args: readonly string[]): Promise<string> {
  const child = run(python, [...args], { timeout: runLimitMs, maxBuffer: outputBytesMax });
  child.child.stderr?.pipe(process.stderr);
  const { stdout } = await child;
  return stdout.trim().split("\n").at(-1) ?? "";
}
