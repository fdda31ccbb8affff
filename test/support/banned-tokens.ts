import type { RepositoryFile } from "./repository.ts";
import { parseSource } from "./source-code.ts";
import { lineAt, type Violation } from "./violation.ts";

interface BannedToken {
  readonly pattern: RegExp;
  /** Looked for in code (comments and strings blanked) or in comments only. */
  readonly within: "code" | "comments";
  readonly where: (path: string, context: TokenContext) => boolean;
  readonly instead: string;
}

/** What the rules must know of the repository. */
export interface TokenContext {
  /** Folders of packages that must be pure: no I/O, no clock, no randomness. */
  readonly pureFolders: readonly string[];
}

const isTest = (path: string): boolean => /(^|\/)test\//.test(path);
const isTypeScript = (path: string): boolean => path.endsWith(".ts");
const isPackageSource = (path: string): boolean => /^packages\/[^/]+\/src\//.test(path);
const isBootstrap = (path: string): boolean => path.startsWith("scripts/");
const isConfig = (path: string): boolean => /(^|[/.])config\.ts$/.test(path);
const isPure = (path: string, { pureFolders }: TokenContext): boolean =>
  pureFolders.some((folder) => path.startsWith(`${folder}/src/`));
const everywhere = (): boolean => true;

const bannedTokens: readonly BannedToken[] = [
  {
    pattern: /\b(?:FIXME|TODO|XXX|HACK)\b/g,
    within: "comments",
    where: everywhere,
    instead: "do it now, or open an issue and say in the comment why it is like this",
  },
  {
    pattern: /@ts-(?:ignore|nocheck|expect-error)\b/g,
    within: "comments",
    where: everywhere,
    instead: "mend the type; where a library's is wrong, narrow with a checked guard",
  },
  {
    pattern: /\bconsole\.\w+/g,
    within: "code",
    where: isPackageSource,
    instead: "take a Logger of @tollgate/runtime as an argument",
  },
  {
    pattern: /\benum\s+\w+/g,
    within: "code",
    where: isTypeScript,
    instead: "use a union of string literals: type stripping cannot erase an enum",
  },
  {
    pattern: /\bas\s+any\b/g,
    within: "code",
    where: isTypeScript,
    instead: "use unknown and narrow it",
  },
  {
    pattern: /\bprocess\.env\b/g,
    within: "code",
    where: (path) => !isBootstrap(path) && !isConfig(path),
    instead: "read it in the package's config.ts and pass the value in",
  },
  {
    pattern: /\bMath\.random\(|\brandomUUID\(|\brandomBytes\(/g,
    within: "code",
    where: (path, context) => isPure(path, context) || isTest(path) || path.startsWith("apps/simulator/"),
    instead: "take a seeded random source as an argument, so that a run can be repeated",
  },
  {
    pattern: /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(/g,
    within: "code",
    where: isPure,
    instead: "take the time from the transaction, or a Clock of @tollgate/runtime as an argument",
  },
  {
    pattern: /\bsetTimeout\(|\bsetInterval\(|from "node:timers\/promises"/g,
    within: "code",
    where: isTest,
    instead: "wait for the condition itself with until() of @tollgate/testkit, or drive a test clock",
  },
  {
    pattern: /\.(?:only|skip|todo)\(/g,
    within: "code",
    where: isTest,
    instead: "a test runs or is deleted",
  },
];

/** The tokens that a TypeScript or JavaScript file must not hold, each with what to use instead. */
export function checkBannedTokens(file: RepositoryFile, context: TokenContext): readonly Violation[] {
  const source = parseSource(file.path, file.text);
  return bannedTokens
    .filter((banned) => banned.where(file.path, context))
    .flatMap((banned) =>
      [...source[banned.within].matchAll(banned.pattern)].map((match) => ({
        path: file.path,
        line: lineAt(file.text, match.index),
        problem: `\`${match[0]}\`: ${banned.instead}`,
      })),
    );
}

/** The same words in languages this repository has no parser for: the whole line counts. */
export function checkBannedWords({ path, text }: RepositoryFile): readonly Violation[] {
  return [...text.matchAll(/\b(?:FIXME|TODO|HACK)\b/g)].map((match) => ({
    path,
    line: lineAt(text, match.index),
    problem: `\`${match[0]}\`: do it now, or open an issue`,
  }));
}
