import type { PackageManifest, RepositoryFile } from "./repository.ts";
import { lineAt, type Violation } from "./violation.ts";

const workspacePrefix = "@tollgate/";
const toolNames = ["@tollgate/testkit", "@tollgate/local-stack"];
const exactVersion = /^\d+\.\d+\.\d+(?:-[\w.]+)?$/;

/** Exact versions, one per dependency in all workspaces; workspaces name each other by "*". */
export function checkVersions(manifests: readonly PackageManifest[]): readonly Violation[] {
  const firstUse = new Map<string, { readonly version: string; readonly path: string }>();
  return manifests.flatMap(({ path, allDependencies }) =>
    Object.entries(allDependencies).flatMap(([name, version]) => {
      const problem = name.startsWith(workspacePrefix)
        ? workspaceProblem(name, version)
        : versionProblem(name, version);
      return problem === undefined ? [] : { path, line: 1, problem };
    }),
  );

  function versionProblem(name: string, version: string): string | undefined {
    if (!exactVersion.test(version)) return `${name} "${version}": write the exact version`;
    const first = firstUse.get(name);
    if (first === undefined) {
      const path = manifests.find(({ allDependencies }) => name in allDependencies)?.path ?? "";
      firstUse.set(name, { version, path });
      return undefined;
    }
    if (first.version === version) return undefined;
    return `${name} ${version}, but ${first.path} has ${first.version}: one version for all`;
  }
}

function workspaceProblem(name: string, version: string): string | undefined {
  return version === "*" ? undefined : `${name} "${version}": a workspace is named by "*"`;
}

/** Whoever edits a package.json by hand and forgets the lock file breaks the next fresh clone. */
export function checkLockFile(manifests: readonly PackageManifest[], lockText: string): readonly Violation[] {
  const { packages } = JSON.parse(lockText) as { packages: Readonly<Record<string, LockedWorkspace>> };
  return manifests.flatMap(({ path, folder, allDependencies }) => {
    const locked = packages[folder === "." ? "" : folder];
    const lockedDependencies = {
      ...locked?.optionalDependencies,
      ...locked?.dependencies,
      ...locked?.devDependencies,
    };
    return Object.entries(allDependencies)
      .filter(([name, version]) => lockedDependencies[name] !== version)
      .map(([name]) => ({ path, line: 1, problem: `${name} is not in package-lock.json: npm install` }));
  });
}

interface LockedWorkspace {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** What starts services for tests and demos; turbo.json must allow both below, for devDependencies' sake. */
const toolFolders = ["packages/testkit", "infra/local", "infra/demo"];

/** Testkit and local stack know no production limits: only tests, and they themselves, may use them. */
export function checkToolUse(
  manifests: readonly PackageManifest[],
  sources: readonly RepositoryFile[],
): readonly Violation[] {
  const isTool = (path: string): boolean => toolFolders.some((folder) => path.startsWith(`${folder}/`));
  const declared = manifests
    .filter(({ path }) => !isTool(path))
    .flatMap(({ path, dependencies }) =>
      toolNames
        .filter((name) => name in dependencies)
        .map((name) => ({ path, line: 1, problem: `${name} belongs in devDependencies` })),
    );
  const imported = sources
    .filter(({ path }) => /\/src\//.test(path) && !isTool(path))
    .flatMap(({ path, text }) =>
      [...text.matchAll(/from "(@tollgate\/(?:testkit|local-stack))/g)].map((match) => ({
        path,
        line: lineAt(text, match.index),
        problem: `src never imports ${match[1]}: move what is shared to a package of its layer`,
      })),
    );
  return [...declared, ...imported];
}

/** Each dependency has one line in the document that says why it is there, and no line is left over. */
export function checkDependencyDocument(
  document: RepositoryFile,
  declared: ReadonlyMap<string, string>,
): readonly Violation[] {
  const entries = new Map<string, number>();
  for (const match of document.text.matchAll(/^- `([^`]+)`: \S/gm)) {
    entries.set(match[1] ?? "", lineAt(document.text, match.index));
  }
  const missing = [...declared].filter(([name]) => !entries.has(name));
  const unknown = [...entries].filter(([name]) => !declared.has(name));
  return [
    ...missing.map(([name, path]) => ({
      path,
      line: 1,
      problem: `${name} has no line in ${document.path}: add "- \`${name}\`: why it earns its place"`,
    })),
    ...unknown.map(([name, line]) => ({
      path: document.path,
      line,
      problem: `nothing depends on ${name}: delete its line`,
    })),
  ];
}

/** Name → manifest of everything from outside: npm packages, Python distributions, Maven artifacts. */
export function listDeclared(
  manifests: readonly PackageManifest[],
  files: readonly RepositoryFile[],
): ReadonlyMap<string, string> {
  const declared = new Map<string, string>();
  for (const { path, allDependencies } of manifests) {
    for (const name of Object.keys(allDependencies)) {
      if (!name.startsWith(workspacePrefix)) declared.set(name, path);
    }
  }
  for (const { path, text } of files) {
    if (path.endsWith("pom.xml")) for (const name of mavenArtifacts(text)) declared.set(name, path);
    if (/requirements\.(?:txt|in)$/.test(path))
      for (const name of pythonNames(text)) declared.set(name, path);
  }
  return declared;
}

function mavenArtifacts(text: string): readonly string[] {
  const dependency = /<dependency>\s*<groupId>([^<]+)<\/groupId>\s*<artifactId>([^<]+)<\/artifactId>/g;
  return [...text.matchAll(dependency)].map((match) => `${match[1]}:${match[2]}`);
}

function pythonNames(text: string): readonly string[] {
  return [...text.matchAll(/^([A-Za-z][\w.-]*)\s*==/gm)].map((match) => match[1] ?? "");
}
