import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { preparePythonEnvironment } from "@tollgate/python-environment";

const requirementsPath = fileURLToPath(new URL("../reference/requirements.lock", import.meta.url));
const folder = fileURLToPath(new URL("../../../../.local/model-signing-venv", import.meta.url));

/**
 * The folder of the OpenSSF implementation's programs, made when it is not there. Undefined, with the reason
 * on standard error, where Python or its packages cannot be had: then there is nothing to compare with.
 */
export async function openReferenceImplementation(): Promise<string | undefined> {
  try {
    await preparePythonEnvironment({ folder, requirementsPath });
    return join(folder, "bin");
  } catch (error) {
    process.stderr.write(`not compared with the OpenSSF implementation: ${String(error)}\n`);
    return undefined;
  }
}
