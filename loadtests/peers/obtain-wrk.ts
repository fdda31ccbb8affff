import { existsSync } from "node:fs";
import { join } from "node:path";
import { debianObstacle, fetchDebianPackage, fetchedFolder, findExecutable } from "@tollgate/local-stack";

/** How wrk is started; undefined with the reason when it cannot be had. */
export type Wrk =
  | { readonly path: string; readonly libraryPath: string | undefined }
  | { readonly obstacle: string };

/** The wrk on the search path, else Debian's package, unpacked once into `.local/` and not installed. */
export async function obtainWrk(searchPath: string, say: (line: string) => void): Promise<Wrk> {
  const installed = findExecutable("wrk", searchPath);
  if (installed !== undefined) return { path: installed, libraryPath: undefined };
  const obstacle = debianObstacle(searchPath);
  if (obstacle !== undefined) return { obstacle: `wrk is not on PATH and ${obstacle}` };
  try {
    for (const name of ["wrk", "libluajit2-5.1-2"]) {
      if (existsSync(fetchedFolder(name))) continue;
      say(`↓ ${name}, once, into .local/`);
      await fetchDebianPackage(name, fetchedFolder(name));
    }
  } catch (error) {
    return { obstacle: (error as Error).message };
  }
  const libraries = join(fetchedFolder("libluajit2-5.1-2"), "usr", "lib");
  const architecture = process.arch === "arm64" ? "aarch64-linux-gnu" : "x86_64-linux-gnu";
  const path = join(fetchedFolder("wrk"), "usr", "bin", "wrk");
  return { path, libraryPath: join(libraries, architecture) };
}
