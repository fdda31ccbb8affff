import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const environments = fileURLToPath(new URL("../../../../.local/", import.meta.url));
/** Half a minute on a warm machine; a slow index takes longer. */
const installMs = 240_000;

/** A client of the protocol that we did not write: its folder below `oip/python`, and what must import. */
interface PythonClient {
  readonly folder: string;
  readonly module: string;
}

export const tritonClient: PythonClient = { folder: "tritonclient", module: "tritonclient.http" };
export const openInferenceClient: PythonClient = {
  folder: "open-inference",
  module: "open_inference.openapi.client",
};

export interface ModelQuestion {
  readonly address: string;
  readonly key: string;
  readonly model: string;
  readonly rows: readonly (readonly number[])[];
}

/** Asks a running API; what the client's `ask.py` prints. */
export type AskThroughPython = (question: ModelQuestion) => Promise<unknown>;

/**
 * The client in a Python environment of its own, made when it is not there. Undefined, with the reason on
 * standard error, where Python or its packages cannot be had.
 */
export async function openPythonClient(client: PythonClient): Promise<AskThroughPython | undefined> {
  const folder = new URL(`../oip/python/${client.folder}/`, import.meta.url);
  try {
    const program = await environmentOf(client, fileURLToPath(new URL("requirements.lock", folder)));
    return async ({ address, key, model, rows }) => {
      const asking = run(program, [fileURLToPath(new URL("ask.py", folder)), address, key, model]);
      asking.child.stdin?.end(JSON.stringify(rows));
      return JSON.parse((await asking).stdout);
    };
  } catch (error) {
    process.stderr.write(`not asked through ${client.folder}: ${String(error)}\n`);
    return undefined;
  }
}

/** The environment's Python; it has what the lock names. */
async function environmentOf({ folder, module }: PythonClient, lockPath: string): Promise<string> {
  const environment = join(environments, `${folder}-client-venv`);
  const stampPath = join(environment, "lock-digest");
  const program = join(environment, "bin", "python");
  const digest = createHash("sha256")
    .update(await readFile(lockPath))
    .digest("hex");
  if ((await readFile(stampPath, "utf8").catch(() => "")) === digest) return program;
  await rm(environment, { recursive: true, force: true });
  await run("python3", ["-m", "venv", environment]);
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"];
  await run(program, [...pip, "--require-hashes", "-r", lockPath], { timeout: installMs });
  await run(program, ["-c", `import ${module}`]);
  await writeFile(stampPath, digest);
  return program;
}
