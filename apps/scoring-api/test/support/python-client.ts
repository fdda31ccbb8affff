import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { preparePythonEnvironment } from "@tollgate/python-environment";

const run = promisify(execFile);
const environments = new URL("../../../../.local/", import.meta.url);

/** A client of the protocol that we did not write: its folder below `oip/python`. */
export type PythonClient = "tritonclient" | "open-inference";

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
  const sources = new URL(`../oip/python/${client}/`, import.meta.url);
  try {
    const { python } = await preparePythonEnvironment({
      folder: fileURLToPath(new URL(`${client}-venv`, environments)),
      requirementsPath: fileURLToPath(new URL("requirements.lock", sources)),
    });
    return async ({ address, key, model, rows }) => {
      const asking = run(python, [fileURLToPath(new URL("ask.py", sources)), address, key, model]);
      asking.child.stdin?.end(JSON.stringify(rows));
      return JSON.parse((await asking).stdout);
    };
  } catch (error) {
    process.stderr.write(`not asked through ${client}: ${String(error)}\n`);
    return undefined;
  }
}
