import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A text file of the repository; its path is relative to the root, with forward slashes. */
export interface RepositoryFile {
  readonly path: string;
  readonly text: string;
}

/** The parts of a package.json that the rules look at. */
export interface PackageManifest {
  readonly path: string;
  readonly folder: string;
  readonly name: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly developmentDependencies: Readonly<Record<string, string>>;
  /** All kinds of dependencies in one. */
  readonly allDependencies: Readonly<Record<string, string>>;
}

/** The repository's root folder. */
export const root: string = dirname(dirname(import.meta.dirname));

/** Every file that git tracks or would track: an untracked file is held to the same rules. */
function listPaths(): readonly string[] {
  const args = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
  const listed = execFileSync("git", args, { cwd: root, encoding: "utf8", maxBuffer: 64 * 1_024 * 1_024 });
  return [...new Set(listed.split("\0"))].filter((path) => path !== "" && existsSync(join(root, path)));
}

/** The files whose path matches. */
export function readFiles(pattern: RegExp): readonly RepositoryFile[] {
  return listPaths()
    .filter((path) => pattern.test(path))
    .map((path) => ({ path, text: readText(path) }));
}

export function readText(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

/** The root's package.json and those of all workspaces. */
export function readManifests(): readonly PackageManifest[] {
  return readFiles(/(^|\/)package\.json$/).map(({ path, text }) => {
    const manifest = JSON.parse(text) as ManifestFields;
    const dependencies = { ...manifest.optionalDependencies, ...manifest.dependencies };
    const developmentDependencies = manifest.devDependencies ?? {};
    return {
      path,
      folder: dirname(path),
      name: manifest.name,
      dependencies,
      developmentDependencies,
      allDependencies: { ...dependencies, ...developmentDependencies },
    };
  });
}

interface ManifestFields {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
