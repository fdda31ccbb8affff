import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const python = new URL("../oip/python/", import.meta.url);
const folder = fileURLToPath(new URL("../../../../.local/triton-client-venv", import.meta.url));
/** Half a minute on a warm machine; a slow index takes longer. */
const installMs = 240_000;

/**
 * A Python that has tritonclient, made when it is not there. Undefined, with the reason on standard error,
 * where Python or its packages cannot be had.
 */
export async function openTritonClient(): Promise<string | undefined> {
  const lockPath = fileURLToPath(new URL("requirements.lock", python));
  const digest = createHash("sha256")
    .update(await readFile(lockPath))
    .digest("hex");
  const stampPath = join(folder, "lock-digest");
  const program = join(folder, "bin", "python");
  if ((await readFile(stampPath, "utf8").catch(() => "")) === digest) return program;
  try {
    await rm(folder, { recursive: true, force: true });
    await run("python3", ["-m", "venv", folder]);
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"];
    await run(program, [...pip, "--require-hashes", "-r", lockPath], { timeout: installMs });
    await writeFile(stampPath, digest);
    return program;
  } catch (error) {
    process.stderr.write(`not asked through tritonclient: ${String(error)}\n`);
    return undefined;
  }
}

/** What `ask.py` prints. */
export async function askThroughTritonClient(
  program: string,
  question: {
    readonly address: string;
    readonly key: string;
    readonly model: string;
    readonly rows: readonly (readonly number[])[];
  },
): Promise<unknown> {
  const { address, key, model, rows } = question;
  const asking = run(program, [fileURLToPath(new URL("ask.py", python)), address, key, model]);
  asking.child.stdin?.end(JSON.stringify(rows));
  return JSON.parse((await asking).stdout);
}
