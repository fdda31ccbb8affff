// `npm run verify`: every check that needs no service, one line each with its time, then all that the failed
// ones said. `--integration` (`npm test`) adds the tests against real services, whatever the others said.
// `npm run verify -- lint types` runs only the parts named.
import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { parseArgs } from "node:util";

interface Part {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

interface PartResult {
  readonly part: Part;
  readonly passed: boolean;
  readonly output: string;
}

const reportsFolder = ".local/reports";
/** The machine this must stay quick on has two cores. */
const partsAtOnce = 2;

/** Longest first: the short ones fill the gaps. */
const parts: readonly Part[] = [
  { name: "unit", command: "vitest", args: vitestArguments("unit") },
  { name: "lint", command: "oxlint", args: [] },
  { name: "unused", command: "knip", args: ["--no-config-hints"] },
  { name: "types", command: "tsc", args: ["--noEmit"] },
  { name: "boundaries", command: "turbo", args: ["boundaries"] },
  { name: "format", command: "oxfmt", args: ["--check"] },
];

const running = new Set<ChildProcess>();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stopAll(signal));
process.exitCode = (await verify()) ? 0 : 1;

async function verify(): Promise<boolean> {
  const options = { integration: { type: "boolean" } } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const results = await runParts(chooseParts(positionals));
  const failed = results.filter((result) => !result.passed);
  for (const { part, output } of failed) {
    process.stdout.write(`\n── ${part.name}: ${[part.command, ...part.args].join(" ")}\n${output}`);
  }
  const integrationPassed = values.integration === true ? await runIntegration() : true;
  if (failed.length > 0) {
    process.stdout.write(`\nfailed: ${failed.map(({ part }) => part.name).join(", ")}\n`);
    const fixable = failed.some(({ part }) => part.name === "format");
    if (fixable) process.stdout.write("`npm run format` writes the house format.\n");
  }
  return failed.length === 0 && integrationPassed;
}

function chooseParts(names: readonly string[]): readonly Part[] {
  const unknown = names.filter((name) => !parts.some((part) => part.name === name));
  if (unknown.length > 0) {
    const known = parts.map((part) => part.name).join(", ");
    process.stderr.write(`no part is called ${unknown.join(", ")}; there are: ${known}\n`);
    process.exit(2);
  }
  return names.length === 0 ? parts : parts.filter((part) => names.includes(part.name));
}

async function runParts(chosen: readonly Part[]): Promise<readonly PartResult[]> {
  rmSync(reportsFolder, { recursive: true, force: true });
  mkdirSync(reportsFolder, { recursive: true });
  const waiting = [...chosen];
  const results: PartResult[] = [];
  const worker = async (): Promise<void> => {
    for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
      const startedAt = performance.now();
      const result = await runPart(part);
      results.push(result);
      printLine(part.name, result.passed, startedAt);
    }
  };
  await Promise.all(Array.from({ length: partsAtOnce }, worker));
  return results;
}

async function runPart(part: Part): Promise<PartResult> {
  const chunks: Buffer[] = [];
  const child = start(part, "pipe");
  child.stdout?.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stderr?.on("data", (chunk: Buffer) => chunks.push(chunk));
  const passed = await ended(child);
  return { part, passed, output: Buffer.concat(chunks).toString() };
}

/** Streams its output: it takes minutes, and a reader wants to see where it is. */
async function runIntegration(): Promise<boolean> {
  const part: Part = { name: "integration", command: "vitest", args: vitestArguments("integration") };
  const startedAt = performance.now();
  const passed = await ended(start(part, "inherit"));
  printLine(part.name, passed, startedAt);
  return passed;
}

function vitestArguments(project: string): readonly string[] {
  return [
    "run",
    `--project=${project}`,
    "--reporter=default",
    "--reporter=json",
    "--reporter=junit",
    `--outputFile.json=${reportsFolder}/${project}.json`,
    `--outputFile.junit=${reportsFolder}/${project}.xml`,
  ];
}

function start(part: Part, output: "pipe" | "inherit"): ChildProcess {
  const colour = process.stdout.isTTY ? { FORCE_COLOR: "1" } : {};
  const child = spawn(part.command, part.args, {
    stdio: ["ignore", output, output],
    env: { ...process.env, ...colour, TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" },
  });
  running.add(child);
  return child;
}

function ended(child: ChildProcess): Promise<boolean> {
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      running.delete(child);
      resolve(code === 0);
    });
  });
}

function stopAll(signal: "SIGINT" | "SIGTERM"): void {
  for (const child of running) child.kill(signal);
  process.exit(signal === "SIGINT" ? 130 : 143);
}

function printLine(name: string, passed: boolean, startedAt: number): void {
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  process.stdout.write(`${passed ? "✓" : "✗"} ${name.padEnd(12)} ${seconds.padStart(6)} s\n`);
}
