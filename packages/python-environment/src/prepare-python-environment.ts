import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pythonEnvironmentLimits } from "./limits.ts";
import { PythonEnvironmentError } from "./python-environment-error.ts";
import { runProcess } from "./run-process.ts";

/** `python3` is what the machine calls its own; the others are asked for where that is too old. */
const pythonNames: readonly string[] = ["python3", "python3.13", "python3.12", "python3.11"];
const oldestPython: readonly [number, number] = [3, 11];

/** A Python with exactly the packages of a file. */
export interface PythonEnvironment {
  readonly python: string;
  readonly folder: string;
  /** True when it had to be made now. */
  readonly made: boolean;
}

export interface PythonEnvironmentOptions {
  /** Of the environment; what is in it may be deleted at any time. */
  readonly folder: string;
  /** Every package with its version, as pip reads it; each has a hash, or none has. */
  readonly requirementsPath: string;
}

/**
 * Makes the environment when there is none, or when the file has changed since; packages are checked against
 * the file's hashes. Throws a {@link PythonEnvironmentError} that says what is missing.
 */
export async function preparePythonEnvironment(
  options: PythonEnvironmentOptions & {
    /** Called before an environment is made, which takes minutes. */
    readonly onMake?: () => void;
  },
): Promise<PythonEnvironment> {
  const found = await findPythonEnvironment(options);
  if (found !== undefined) return found;
  const systemPython = await findPython();
  if (systemPython === undefined) {
    throw new PythonEnvironmentError(
      `Python ${oldestPython.join(".")} or newer with its venv module is needed, and none of ` +
        `${pythonNames.join(", ")} on PATH is one: install it (Debian, Ubuntu: apt install python3-venv), ` +
        "then run again",
    );
  }
  options.onMake?.();
  const { folder, requirementsPath } = options;
  const python = pythonOf(folder);
  await rm(folder, { recursive: true, force: true });
  await mkdir(dirname(folder), { recursive: true });
  await runOrExplain(systemPython, ["-m", "venv", folder], "make a virtual environment");
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"];
  await runOrExplain(
    python,
    [...pip, "--requirement", requirementsPath],
    `install the packages of ${requirementsPath}`,
  );
  await writeFile(stampOf(folder), await digestOf(requirementsPath));
  return { python, folder, made: true };
}

/** The environment that was made earlier of the same file; undefined when there is none. */
export async function findPythonEnvironment({
  folder,
  requirementsPath,
}: PythonEnvironmentOptions): Promise<PythonEnvironment | undefined> {
  const stamp = await readFile(stampOf(folder), "utf8").catch(() => "");
  if (stamp !== (await digestOf(requirementsPath))) return undefined;
  return { python: pythonOf(folder), folder, made: false };
}

function pythonOf(folder: string): string {
  return join(folder, "bin", "python");
}

/** Written last: an environment without it was never finished. */
function stampOf(folder: string): string {
  return join(folder, "tollgate-lock-digest");
}

async function digestOf(path: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
}

/** The first Python that is new enough and can make environments, by its own word. */
async function findPython(): Promise<string | undefined> {
  for (const name of pythonNames) {
    const program = "import ensurepip, sys, venv; print(*sys.version_info[:2])";
    const result = await runProcess(name, ["-c", program]).catch(() => undefined);
    if (result?.exitCode !== 0) continue;
    const [major = 0, minor = 0] = result.output.trim().split(" ").map(Number);
    if (major === oldestPython[0] && minor >= oldestPython[1]) return name;
  }
  return undefined;
}

async function runOrExplain(command: string, args: readonly string[], purpose: string): Promise<void> {
  const { exitCode, output } = await runProcess(command, args, {
    limitMs: pythonEnvironmentLimits.installMs,
  });
  if (exitCode === 0) return;
  const lines = output.trim().split("\n").slice(-pythonEnvironmentLimits.pipLinesShown).join("\n");
  throw new PythonEnvironmentError(
    `${command} could not ${purpose} (exit code ${exitCode ?? "none: it was ended"}). Is the package ` +
      `index of Python reachable, and the disk not full? It said:\n${lines}`,
  );
}
