import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { runProcess } from "./run-process.ts";
import { TrainerError } from "./trainer-error.ts";

/** The newest first; `python3` is whatever the machine calls its own. */
const pythonNames: readonly string[] = ["python3.13", "python3.12", "python3.11", "python3"];
const oldestPython: readonly [number, number] = [3, 11];
/** Of pip's lines, these many last ones say what went wrong. */
const pipLinesShown = 12;

/** A Python with exactly the packages of requirements.lock. */
export interface PythonEnvironment {
  readonly python: string;
  /** True when it had to be made now. */
  readonly made: boolean;
}

/**
 * Makes the environment when there is none, or when the lock file has changed since. Every package is checked
 * against the lock file's hashes. Throws a {@link TrainerError} that says what is missing.
 */
export async function preparePython(options: {
  readonly folder: string;
  readonly lockPath: string;
}): Promise<PythonEnvironment> {
  const { folder, lockPath } = options;
  const python = join(folder, "bin", "python");
  const lockDigest = createHash("sha256")
    .update(await readFile(lockPath))
    .digest("hex");
  const stampPath = join(folder, "tollgate-lock-digest");
  const stamp = await readFile(stampPath, "utf8").catch(() => "");
  if (stamp === lockDigest) return { python, made: false };
  const systemPython = await findPython();
  if (systemPython === undefined) {
    throw new TrainerError(
      `the trainer needs Python ${oldestPython.join(".")} or newer with its venv module, and found none of ` +
        `${pythonNames.join(", ")} on PATH: install it (Debian, Ubuntu: apt install python3-venv), ` +
        "then run again",
    );
  }
  await rm(folder, { recursive: true, force: true });
  await mkdir(dirname(folder), { recursive: true });
  await runOrExplain(systemPython, ["-m", "venv", folder], "make a virtual environment");
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"];
  await runOrExplain(python, [...pip, "-r", lockPath], "install the packages of requirements.lock");
  await writeFile(stampPath, lockDigest);
  return { python, made: true };
}

/** The first Python that is new enough, by its own word; undefined when there is none. */
async function findPython(): Promise<string | undefined> {
  for (const name of pythonNames) {
    const program = "import sys; print(*sys.version_info[:2])";
    const result = await runProcess(name, ["-c", program]).catch(() => undefined);
    if (result?.exitCode !== 0) continue;
    const [major = 0, minor = 0] = result.output.trim().split(" ").map(Number);
    if (major === oldestPython[0] && minor >= oldestPython[1]) return name;
  }
  return undefined;
}

async function runOrExplain(command: string, args: readonly string[], purpose: string): Promise<void> {
  const { exitCode, output } = await runProcess(command, args);
  if (exitCode === 0) return;
  const lines = output.trim().split("\n").slice(-pipLinesShown).join("\n");
  throw new TrainerError(
    `${command} could not ${purpose} (exit code ${exitCode}). Is the Python package index reachable, ` +
      `and the disk not full? It said:\n${lines}`,
  );
}
