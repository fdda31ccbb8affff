import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const lockPath = fileURLToPath(new URL("../reference/requirements.lock", import.meta.url));
const folder = fileURLToPath(new URL("../../../../.local/model-signing-venv", import.meta.url));
/** Half a minute on a warm machine; a slow index takes longer. */
const installMs = 240_000;

/**
 * The folder of the OpenSSF implementation's programs, made when it is not there. Undefined, with the reason
 * on standard error, where Python or its packages cannot be had: then there is nothing to compare with.
 */
export async function openReferenceImplementation(): Promise<string | undefined> {
  const digest = createHash("sha256")
    .update(await readFile(lockPath))
    .digest("hex");
  const stampPath = join(folder, "lock-digest");
  const programs = join(folder, "bin");
  if ((await readFile(stampPath, "utf8").catch(() => "")) === digest) return programs;
  try {
    await rm(folder, { recursive: true, force: true });
    await run("python3", ["-m", "venv", folder]);
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"];
    await run(join(programs, "python"), [...pip, "-r", lockPath], { timeout: installMs });
    await writeFile(stampPath, digest);
    return programs;
  } catch (error) {
    process.stderr.write(`not compared with the OpenSSF implementation: ${String(error)}\n`);
    return undefined;
  }
}
