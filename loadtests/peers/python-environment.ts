import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findExecutable, repositoryRoot } from "@tollgate/local-stack";
import { peerLimits } from "./limits.ts";

/** A Python environment with exactly what a lock file names, or why there is none. */
export type PythonEnvironment = { readonly folder: string } | { readonly obstacle: string };

/** Made once in `.local/peers/NAME/venv`, and again when the lock file has changed. */
export async function pythonEnvironment(options: {
  readonly name: string;
  readonly lockPath: string;
  readonly searchPath: string;
  readonly say: (line: string) => void;
}): Promise<PythonEnvironment> {
  const { name, lockPath, searchPath, say } = options;
  const folder = join(repositoryRoot, ".local", "peers", name);
  const venv = join(folder, "venv");
  const mark = join(folder, "lock.sha256");
  const digest = createHash("sha256").update(readFileSync(lockPath)).digest("hex");
  if (existsSync(mark) && readFileSync(mark, "utf8") === digest) return { folder: venv };
  const python = findExecutable("python3", searchPath);
  if (python === undefined) return { obstacle: "python3 is not on PATH" };
  say(`↓ ${name}: its Python packages, once, into .local/peers (some minutes) …`);
  mkdirSync(folder, { recursive: true });
  const made = await run([python, "-m", "venv", venv]);
  if (made !== undefined) return { obstacle: `no environment: ${made}` };
  const pip = join(venv, "bin", "pip");
  const quiet = ["--quiet", "--disable-pip-version-check", "--no-input"];
  const installed = await run([pip, "install", ...quiet, "--requirement", lockPath]);
  if (installed !== undefined) return { obstacle: `not installed: ${installed}` };
  writeFileSync(mark, digest);
  return { folder: venv };
}

/** Undefined when it ended well, else its last line. */
function run(command: readonly string[]): Promise<string | undefined> {
  const [file = "", ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      stdio: ["ignore", "ignore", "pipe"],
      timeout: peerLimits.installMs,
    });
    let last = "";
    child.stderr.on("data", (chunk: Buffer) => {
      last = chunk.toString("utf8").trim().split("\n").at(-1) ?? last;
    });
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code) => resolve(code === 0 ? undefined : `${last} (exit code ${code})`));
  });
}
