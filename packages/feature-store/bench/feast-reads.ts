import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { preparePythonEnvironment } from "@tollgate/python-environment";

/** What was measured, or why nothing was. */
export type FeastReads = { readonly readsPerSecond: number } | { readonly skipped: string };

const run = promisify(execFile);
const script = fileURLToPath(new URL("feast/online_reads.py", import.meta.url));
const requirementsPath = fileURLToPath(new URL("feast/requirements.txt", import.meta.url));
const folder = fileURLToPath(new URL("../../../.local/feast-venv", import.meta.url));
const runLimitMs = 120_000;

/**
 * Feast's own client on the same Redis, in Python, in one process: as many features of three entities.
 * Installed on first use into `.local/`; skipped where that cannot be done.
 */
export async function feastReads(options: {
  readonly redisPort: number;
  readonly features: number;
  readonly quick: boolean;
}): Promise<FeastReads> {
  try {
    const { python } = await preparePythonEnvironment({ folder, requirementsPath });
    const seconds = options.quick ? 2 : 8;
    const args = [script, options.redisPort, options.features, seconds].map(String);
    const { stdout } = await run(python, args, { timeout: runLimitMs });
    return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as { readsPerSecond: number };
  } catch (error) {
    const [reason = "it cannot be installed"] = (error as Error).message.trim().split("\n").slice(-1);
    return { skipped: `not compared (${reason}): it needs Python 3.11 to 3.13 and pip` };
  }
}
