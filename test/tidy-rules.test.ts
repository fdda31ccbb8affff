import { expect, test } from "vitest";
import { checkBannedTokens } from "./support/banned-tokens.ts";
import {
  checkDependencyDocument,
  checkLockFile,
  checkToolUse,
  checkVersions,
} from "./support/dependencies.ts";
import { checkDecisionRecords, checkPaths } from "./support/documents.ts";
import type { PackageManifest } from "./support/repository.ts";
import { checkFileLines, checkFunctionLines, checkLineColumns } from "./support/sizes.ts";
import { formatViolations } from "./support/violation.ts";

const context = { pureFolders: ["packages/features"] };

function manifest(folder: string, dependencies: Readonly<Record<string, string>>): PackageManifest {
  return {
    path: `${folder}/package.json`,
    folder,
    name: folder,
    dependencies,
    developmentDependencies: {},
    allDependencies: dependencies,
  };
}

test("a banned token is named with its line and its replacement", () => {
  const file = { path: "packages/features/src/a.ts", text: "const a = 1;\nconst now = Date.now();\n" };
  expect(formatViolations(checkBannedTokens(file, context))).toEqual([
    "packages/features/src/a.ts:2 `Date.now(`: " +
      "take the time from the transaction, or a Clock of @tollgate/runtime as an argument",
  ]);
});

test("a banned token inside a string or a comment is no use of it", () => {
  const text =
    'const a = "process.env Math.random()"; // enum Colour, console.log\nconst b = `as any ${a}`;\n';
  expect(checkBannedTokens({ path: "packages/features/src/a.ts", text }, context)).toEqual([]);
});

test("code between the braces of a template is looked at", () => {
  const text = "const a = `${process.env}`;\n";
  expect(checkBannedTokens({ path: "packages/features/src/a.ts", text }, context)).toHaveLength(1);
});

test("the environment may be read in a config.ts and in the scripts", () => {
  const text = "const a = process.env;\n";
  for (const path of ["apps/ledger/src/config.ts", "vitest.config.ts", "scripts/verify.ts"]) {
    expect(checkBannedTokens({ path, text }, context)).toEqual([]);
  }
  expect(checkBannedTokens({ path: "apps/ledger/src/main.ts", text }, context)).toHaveLength(1);
});

test("a test that sleeps or is left out is found", () => {
  const text = 'setTimeout(done, 10);\ntest.skip("later", run);\ntest.each([1]).only("one", run);\n';
  const path = "packages/features/test/a.test.ts";
  const lines = checkBannedTokens({ path, text }, context).map(({ line }) => line);
  expect(lines.toSorted((a, b) => a - b)).toEqual([1, 2, 3]);
});

test("a function of 71 lines is too long, in TypeScript and in Python", () => {
  const body = "  step();\n".repeat(68);
  expect(checkFunctionLines({ path: "a.ts", text: `function a() {\n${body}}\n` })).toEqual([]);
  expect(checkFunctionLines({ path: "a.ts", text: `function a() {\n${body}\n}\n` })).toHaveLength(1);
  expect(
    checkFunctionLines({ path: "a.py", text: `def a():\n${body}\n  step()\n  step()\nb = 1\n` }),
  ).toHaveLength(1);
});

test("the columns of a line are counted in characters, not bytes", () => {
  expect(checkLineColumns({ path: "a.ts", text: "…".repeat(110) })).toEqual([]);
  expect(checkLineColumns({ path: "a.ts", text: "…".repeat(111) })).toHaveLength(1);
});

test("a file of 351 lines is too long", () => {
  expect(checkFileLines({ path: "a.ts", text: "a;\n".repeat(350) })).toEqual([]);
  expect(checkFileLines({ path: "a.ts", text: "a;\n".repeat(351) })).toHaveLength(1);
});

test("two versions of one dependency, a range, and a version of a workspace are found", () => {
  const manifests = [
    manifest("packages/a", { zod: "4.6.7", pg: "^8.0.0" }),
    manifest("packages/b", { zod: "4.6.8", "@tollgate/a": "0.1.0" }),
  ];
  expect(formatViolations(checkVersions(manifests))).toEqual([
    'packages/a/package.json:1 pg "^8.0.0": write the exact version',
    'packages/b/package.json:1 @tollgate/a "0.1.0": a workspace is named by "*"',
    "packages/b/package.json:1 zod 4.6.8, but packages/a/package.json has 4.6.7: one version for all",
  ]);
});

test("a dependency that the lock file does not know is found", () => {
  const lock = JSON.stringify({ packages: { "packages/a": { dependencies: { zod: "4.6.7" } } } });
  const manifests = [manifest("packages/a", { zod: "4.6.7", pg: "8.23.1" })];
  expect(checkLockFile(manifests, lock)).toHaveLength(1);
});

test("the testkit in production code or its dependencies is found", () => {
  const source = { path: "packages/a/src/a.ts", text: 'import { until } from "@tollgate/testkit";\n' };
  const manifests = [manifest("packages/a", { "@tollgate/testkit": "*" })];
  expect(checkToolUse(manifests, [source])).toHaveLength(2);
});

test("a dependency without a reason and a reason without a dependency are found", () => {
  const document = { path: "docs/DEPENDENCIES.md", text: "- `zod`: schemas\n- `gone`: was useful\n" };
  const declared = new Map([
    ["zod", "packages/a/package.json"],
    ["pg", "packages/a/package.json"],
  ]);
  expect(checkDependencyDocument(document, declared).map(({ problem }) => problem.split(" ")[0])).toEqual([
    "pg",
    "nothing",
  ]);
});

test("a path that no longer exists is found, a pattern for the reader is not", () => {
  const text =
    "See `packages/<name>/src`, `scripts/run.mjs:12`, `packages/gone/src/a.ts` and [it](gone.md).\n";
  expect(checkPaths({ path: "docs/a.md", text }).map(({ problem }) => problem)).toEqual([
    "packages/gone/src/a.ts does not exist: mend or delete it",
    "gone.md does not exist: mend or delete it",
  ]);
});

test("a gap in the decision records, or a topic for a title, is found", () => {
  const records = [
    { path: "docs/adr/0001-run-from-source.md", text: "# 1. Run TypeScript from source\n" },
    { path: "docs/adr/0003-kafka.md", text: "# Kafka\n" },
  ];
  expect(checkDecisionRecords(records).map(({ path }) => path)).toEqual([
    "docs/adr/0003-kafka.md",
    "docs/adr/0003-kafka.md",
  ]);
});
