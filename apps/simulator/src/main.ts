import { compileEngagement } from "@tollgate/engagement";
import { engagement } from "@tollgate/engagement-card-payments";
import { ConfigError, jsonLogger, systemClock } from "@tollgate/runtime";
import { loadConfig, processEnvironment } from "./config.ts";
import { SimulatorError } from "./errors.ts";
import { parseOptions, usage, type SimulatorOptions } from "./options.ts";
import { printStatistics } from "./print-statistics.ts";
import { progressLine, type Progress } from "./progress.ts";
import { runSimulator } from "./run-simulator.ts";

process.exitCode = await main(process.argv.slice(2));

/** 0: everything arrived; 1: something did not; 2: the command cannot be understood. */
async function main(commandLine: readonly string[]): Promise<number> {
  try {
    const options = parseOptions(commandLine);
    if (!options.help) return await simulate(options);
    process.stdout.write(usage);
    return 0;
  } catch (error) {
    if (!(error instanceof SimulatorError || error instanceof ConfigError)) throw error;
    process.stderr.write(`simulate: ${error.message}\n`);
    return 2;
  }
}

async function simulate(options: SimulatorOptions): Promise<number> {
  const compiled = compileEngagement(engagement);
  const clock = systemClock();
  const stopping = new AbortController();
  const stop = stopping.signal;
  process.once("SIGTERM", () => stopping.abort());
  process.once("SIGINT", () => stopping.abort());
  if (options.statistics) {
    printStatistics({ compiled, options, clock, stop, write: (text) => process.stdout.write(text) });
    return 0;
  }
  const config = loadConfig(processEnvironment(), options);
  const logger = jsonLogger("simulator");
  const onProgress = progressWriter(options);
  const complete = await runSimulator({ compiled, options, config, clock, logger, onProgress, stop });
  return complete ? 0 : 1;
}

/** JSON for a program that started this one; in a dry run standard output belongs to the transactions. */
function progressWriter({ progress, dryRun }: SimulatorOptions): (state: Progress) => void {
  const output = dryRun || progress === "text" ? process.stderr : process.stdout;
  switch (progress) {
    case "json":
      return (state) => void output.write(`${JSON.stringify(state)}\n`);
    case "text":
      return (state) =>
        void output.write(`${state.type === "summary" ? "summary: " : ""}${progressLine(state)}\n`);
    case "none":
      return () => undefined;
  }
}
