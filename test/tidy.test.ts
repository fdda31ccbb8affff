import { dirname } from "node:path";
import { expect, test } from "vitest";
import { checkBannedTokens, checkBannedWords } from "./support/banned-tokens.ts";
import {
  checkDependencyDocument,
  checkLockFile,
  checkToolUse,
  checkVersions,
  listDeclared,
} from "./support/dependencies.ts";
import { checkDecisionRecords, checkPaths } from "./support/documents.ts";
import { readFiles, readManifests, readText, type RepositoryFile } from "./support/repository.ts";
import { checkFileLines, checkFunctionLines, checkLineColumns } from "./support/sizes.ts";
import { formatViolations, type Violation } from "./support/violation.ts";

const scriptFiles = readFiles(/\.(?:ts|mts|mjs|js)$/);
const pythonFiles = readFiles(/\.py$/);
const otherCode = readFiles(/\.(?:sh|sql)$|^\.ci\/run$/);
const codeFiles = [...scriptFiles, ...pythonFiles, ...otherCode];
const markdownFiles = readFiles(/\.md$/);
const manifests = readManifests();
/** Layers that turbo.json keeps free of I/O; their results depend on their arguments alone. */
const pureTags = ["contracts", "domain", "engagement"];

function expectNone(violations: readonly Violation[]): void {
  expect(formatViolations(violations)).toEqual([]);
}

function pureFolders(): readonly string[] {
  return readFiles(/^packages\/[^/]+\/turbo\.json$/)
    .filter(({ text }) =>
      (JSON.parse(text) as { tags?: string[] }).tags?.some((tag) => pureTags.includes(tag)),
    )
    .map(({ path }) => dirname(path));
}

test("no line of code is wider than 110 columns", () => {
  expectNone(codeFiles.flatMap(checkLineColumns));
});

test("no function is longer than 70 lines", () => {
  expectNone([...scriptFiles, ...pythonFiles].flatMap(checkFunctionLines));
});

test("no code file is longer than 350 lines", () => {
  expectNone(codeFiles.flatMap(checkFileLines));
});

test("no code holds a token that has a better replacement", () => {
  const context = { pureFolders: pureFolders() };
  const words: readonly RepositoryFile[] = [...pythonFiles, ...otherCode];
  expectNone([
    ...scriptFiles.flatMap((file) => checkBannedTokens(file, context)),
    ...words.flatMap(checkBannedWords),
  ]);
});

test("every dependency has one exact version in all workspaces", () => {
  expectNone(checkVersions(manifests));
});

test("only tests use the testkit and the local stack", () => {
  expectNone(checkToolUse(manifests, scriptFiles));
});

test("every dependency says in docs/DEPENDENCIES.md why it is there", () => {
  const path = "docs/DEPENDENCIES.md";
  const declared = listDeclared(manifests, readFiles(/(?:pom\.xml|requirements\.(?:txt|in))$/));
  expectNone(checkDependencyDocument({ path, text: readText(path) }, declared));
});

test("package-lock.json is in step with every package.json", () => {
  expectNone(checkLockFile(manifests, readText("package-lock.json")));
});

test("package-lock.json names no registry: it works with whichever a machine uses", () => {
  const hosts = [...readText("package-lock.json").matchAll(/"resolved": "https?:[^"]+"/g)];
  expect(hosts.map((match) => match[0])).toEqual([]);
});

test("every path and link in the documents leads somewhere", () => {
  expectNone(markdownFiles.flatMap(checkPaths));
});

test("decision records are numbered without gaps and titled by their decision", () => {
  expectNone(checkDecisionRecords(readFiles(/^docs\/adr\/.*\.md$/)));
});
