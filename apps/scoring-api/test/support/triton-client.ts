import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { preparePythonEnvironment } from "@tollgate/python-environment";

const run = promisify(execFile);
const python = new URL("../oip/python/", import.meta.url);
const folder = fileURLToPath(new URL("../../../../.local/triton-client-venv", import.meta.url));

/**
 * A Python that has tritonclient, made when it is not there. Undefined, with the reason on standard error,
 * where Python or its packages cannot be had.
 */
export async function openTritonClient(): Promise<string | undefined> {
  const requirementsPath = fileURLToPath(new URL("requirements.lock", python));
  try {
    return (await preparePythonEnvironment({ folder, requirementsPath })).python;
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
