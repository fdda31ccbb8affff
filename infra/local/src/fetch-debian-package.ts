import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { fetchInto } from "./fetch-into.ts";
import { findExecutable, runTool } from "./run-tool.ts";

/** Why no Debian package can be fetched here, else undefined. */
export function debianObstacle(searchPath: string): string | undefined {
  const missing = ["apt-get", "dpkg-deb"].find((tool) => findExecutable(tool, searchPath) === undefined);
  return missing === undefined ? undefined : `${missing} is not on PATH`;
}

/**
 * Downloads and unpacks a package; installs nothing, so that the machine stays as it is.
 * @param adapt changes what was unpacked, before anybody can see it.
 */
export async function fetchDebianPackage(
  name: string,
  target: string,
  adapt: (folder: string) => void = () => {},
): Promise<void> {
  await fetchInto(target, async (folder) => {
    const run = (...command: readonly string[]): Promise<void> =>
      runTool(command, { folder, what: `fetching the Debian package ${name}` });
    try {
      await run("apt-get", "download", "--quiet", name);
    } catch {
      // The package lists of a fresh machine are empty or old.
      await run("apt-get", "update", "--quiet");
      await run("apt-get", "download", "--quiet", name);
    }
    const archive = readdirSync(folder).find((file) => file.endsWith(".deb")) ?? "";
    await run("dpkg-deb", "--extract", archive, ".");
    rmSync(join(folder, archive));
    adapt(folder);
  });
}
