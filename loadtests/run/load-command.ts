/** `npm run load -- --profile NAME`: the platform under load, held to the engagement's service levels. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { startPlatform } from "@tollgate/demo";
import { engagement } from "@tollgate/engagement-card-payments";
import { repositoryRoot, StackError } from "@tollgate/local-stack";
import { ConfigError } from "@tollgate/runtime";
import { processEnvironment } from "./config.ts";
import { LoadError } from "./load-error.ts";
import { writeClusterFiles } from "../kubernetes/write-cluster-files.ts";
import { exitCodes, gateOf, outcomeOf, type RunOutcome } from "./gate.ts";
import { arrivalsSeedOf, loadUsage, parseLoadOptions, type LoadOptions } from "./load-options.ts";
import type { LoadResult } from "./load-result.ts";
import { loadLimits } from "./limits.ts";
import { obtainK6 } from "./obtain-k6.ts";
import { resultLines } from "./print-result.ts";
import { profiles } from "./profiles.ts";
import { runHttpProfile, scheduleFor } from "./run-http-profile.ts";
import { runStreamProfile } from "./run-stream-profile.ts";
import { scheduleOf } from "./plan-run.ts";
import { prepareSwapModels } from "./swap-models.ts";
import { writeReport } from "./write-report.ts";

const interruption = new AbortController();
process.on("SIGINT", () => interruption.abort());
process.on("SIGTERM", () => interruption.abort());

try {
  const options = parseLoadOptions(process.argv.slice(2));
  if (options.help) console.info(loadUsage);
  else if (options.kubernetes) writeForCluster(options);
  else process.exitCode = await load(options);
} catch (error) {
  const explained = error instanceof LoadError || error instanceof StackError || error instanceof ConfigError;
  console.error(explained ? error.message : error);
  process.exitCode = error instanceof LoadError ? error.exitCode : 1;
}

async function load(options: LoadOptions): Promise<number> {
  const runs: RunOutcome[] = [];
  for (;;) {
    const { report, check, taken } = await runAndReport(options);
    const { passed } = report;
    runs.push(outcomeOf({ passed, complete: check.passed, taken }));
    const verdict = options.gate ? gateOf(runs) : passed ? "passed" : "failed";
    if (verdict === undefined) {
      console.info("\nOther work on the machine can cost latency: once more.");
      continue;
    }
    if (options.gate) console.info(`gate ${options.profile}: ${verdict} (${runs.join(", ")})`);
    if (options.json) console.info(JSON.stringify({ ...report, passed: verdict === "passed" }));
    return exitCodes[verdict];
  }
}

async function runAndReport(options: LoadOptions): Promise<LoadResult> {
  const folder = join(repositoryRoot, ".local", "load-runs", `${options.profile}-${stamp()}`);
  const result = await runProfile(options, folder);
  const page = writeReport(result, folder);
  console.info(resultLines(result).join("\n"));
  console.info(`\nReport: ${page.slice(repositoryRoot.length + 1)}`);
  console.info(result.report.passed ? "passed" : "FAILED");
  return result;
}

async function runProfile(options: LoadOptions, folder: string): Promise<LoadResult> {
  const profile = profiles[options.profile];
  const { model } = options;
  const environment = processEnvironment();
  const say = (line: string): void => console.info(line);
  // Refuses before anything is fetched or started.
  scheduleFor({ profile, options, engagement });
  say(`${profile.name}: ${profile.description}`);
  const k6 = await obtainK6({
    searchPath: environment["PATH"] ?? "",
    folder: join(repositoryRoot, ".local", "k6"),
    repositoryRoot,
    say,
  });
  mkdirSync(folder, { recursive: true });
  const models = profile.name === "swap" ? await prepareSwapModels(folder) : undefined;
  const platform = await startPlatform({
    name: "load",
    ratePerSecond: loadLimits.keyRatePerSecond,
    dashboards: false,
    environment,
    settings: { ...models?.settings, ...(model === undefined ? {} : { TOLLGATE_MODEL: model }) },
    say,
  });
  try {
    const stop = interruption.signal;
    const run = { profile, options, engagement, k6, folder, environment, models, stop, say };
    return await (profile.name === "stream" ? runStreamProfile : runHttpProfile)(run, platform);
  } finally {
    await platform.stop();
  }
}

/** The cluster's cores are not this machine's: only what the runners need is written. */
function writeForCluster(options: LoadOptions): void {
  if (options.profile !== "sla-10k") throw new LoadError("--kubernetes goes with --profile sla-10k");
  const profile = profiles[options.profile];
  const { forSeconds, ratePerSecond, seed } = options;
  const cores = profile.coresMin ?? 1;
  const levels = engagement.service;
  const arrivalsSeed = arrivalsSeedOf(options);
  const schedule = scheduleOf({ profile, levels, cores, forSeconds, ratePerSecond, arrivalsSeed });
  const folder = join(repositoryRoot, ".local", "load-runs", "kubernetes");
  const commands = writeClusterFiles({ profile, schedule, engagement, folder, seed });
  console.info(`cd ${folder.slice(repositoryRoot.length + 1)}\n${commands.join("\n")}`);
}

/** "20261122-201500": sorts by time, and is a file name everywhere. */
function stamp(): string {
  return new Date().toISOString().slice(0, 19).replaceAll(/[-:]/gu, "").replace("T", "-");
}
