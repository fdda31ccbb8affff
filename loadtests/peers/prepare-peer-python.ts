import { join } from "node:path";
import { repositoryRoot } from "@tollgate/local-stack";
import { preparePythonEnvironment, PythonEnvironmentError } from "@tollgate/python-environment";
import { pythonFolder } from "./peers.ts";

/** Folder of the environment with what the server's lock file names; made once, below `.local/peers`. */
export async function preparePeerPython(name: string, say: (line: string) => void): Promise<string> {
  try {
    const { folder } = await preparePythonEnvironment({
      folder: join(repositoryRoot, ".local", "peers", name, "venv"),
      requirementsPath: join(pythonFolder, `${name}.lock`),
      onMake: () => say(`↓ ${name}: its Python packages, once, into .local/peers (some minutes) …`),
    });
    return folder;
  } catch (error) {
    if (!(error instanceof PythonEnvironmentError)) throw error;
    // The table has a line for it: pip's last one says what went wrong.
    throw new Error(`no environment: ${error.message.trim().split("\n").at(-1) ?? ""}`, { cause: error });
  }
}
