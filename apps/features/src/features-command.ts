// `npm run features -- rebuild | drop | export | skew`: the feature store and training data, from the log.
import { fileURLToPath } from "node:url";
import { brokerList, connectKafka } from "@tollgate/event-log";
import { figuresReport, jsonLogger, systemClock, tableLines } from "@tollgate/runtime";
import { loadEngagement } from "@tollgate/scoring";
import { loadConfig, processEnvironment } from "./config.ts";
import { dropLayout } from "./drop-layout.ts";
import { exportFeatures } from "./export-features.ts";
import { explainError } from "./explain-error.ts";
import { openSource } from "./open-source.ts";
import { parseOptions, usage, type FeaturesOptions } from "./options.ts";
import { createProgressLine, type ProgressLine } from "./progress-line.ts";
import { rebuildStore } from "./rebuild-store.ts";
import { measureSkew, skewLines, writeSkewMetric } from "./measure-skew.ts";

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--help")) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const progress = createProgressLine(process.stderr);
  try {
    const options = parseOptions(args, Date.now());
    const { lines, figures, passed } = await runCommand(options, progress);
    process.stdout.write(`${lines.join("\n")}\n`);
    const command = `npm run features -- ${options.command}`;
    const folder = fileURLToPath(new URL(".", import.meta.url));
    if (options.json) {
      process.stdout.write(`${JSON.stringify(figuresReport({ command, folder, figures, passed }))}\n`);
    }
    return passed ? 0 : 1;
  } catch (error) {
    progress.end();
    const explanation = explainError(error);
    if (explanation === undefined) throw error;
    process.stderr.write(`features: ${explanation}\n`);
    return 2;
  }
}

interface CommandResult {
  readonly lines: readonly string[];
  readonly figures: Readonly<Record<string, unknown>>;
  readonly passed: boolean;
}

async function runCommand(options: FeaturesOptions, progress: ProgressLine): Promise<CommandResult> {
  const config = loadConfig(processEnvironment());
  const clock = systemClock();
  const logger = jsonLogger("features");
  const { compiled } = await loadEngagement(options.engagement ?? config.engagement);
  const kafka = connectKafka({ brokers: brokerList(config.kafkaBrokers), clientId: "features", logger });
  const open = openSource(options.source, config, { kafka, clock, logger });
  const work = { compiled, open, progress };
  switch (options.command) {
    case "rebuild": {
      const { keepOld } = options;
      const result = await rebuildStore({ ...work, config, kafka, keepOld, clock, logger });
      const recordsPerSecond = Math.round(result.buildRecords / Math.max(0.001, result.buildSeconds));
      const { user, system } = process.cpuUsage();
      const figures = { ...result, recordsPerSecond, processorSeconds: (user + system) / 1_000_000 };
      return { lines: figureLines(figures), figures, passed: true };
    }
    case "drop": {
      const { layout } = options;
      const keys = await dropLayout(layout, { config, compiled, progress, logger });
      const figures = { layout, keys };
      return { lines: figureLines(figures), figures, passed: true };
    }
    case "export": {
      const figures = { ...(await exportFeatures({ ...work, interval: options, out: options.out })) };
      return { lines: figureLines(figures), figures, passed: true };
    }
    case "skew": {
      const report = await measureSkew({ ...work, interval: options });
      const { engagement } = compiled;
      if (options.metrics !== undefined) await writeSkewMetric(options.metrics, engagement.name, report);
      return { lines: skewLines(report), figures: { ...report }, passed: report.skewRate === 0 };
    }
  }
}

function figureLines(figures: Readonly<Record<string, number | string>>): readonly string[] {
  const rows = Object.entries(figures).map(([name, value]) => [name, value.toLocaleString("en")]);
  return tableLines(["figure", "value"], rows);
}
