import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** infra/local itself. */
export const packageFolder: string = dirname(dirname(fileURLToPath(import.meta.url)));

/** The repository's root. */
export const repositoryRoot: string = dirname(dirname(packageFolder));

/** Fetched binaries and every stack's data and logs; ignored by git, safe to delete when nothing runs. */
const localFolder: string = join(repositoryRoot, ".local");

/** Where a fetched service lies. */
export function fetchedFolder(name: string): string {
  return join(localFolder, "fetched", name);
}

/** Data, logs and state of one stack. */
export function stackFolder(stackName: string): string {
  return join(localFolder, stackName);
}
