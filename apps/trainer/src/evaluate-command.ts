// `npm run evaluate`: fits models on a data set by its protocol and judges them beside rules, a simple model
// and published figures. `--help` lists the options. Exit code 1: a figure misses its target; 2: no data.
import { relative } from "node:path";
import { figuresReport, tableLines } from "@tollgate/runtime";
import { evaluate } from "./evaluate.ts";
import { evaluationUsage, parseEvaluationOptions } from "./evaluation-options.ts";
import { evaluationTargets } from "./evaluation-targets.ts";
import { TrainerError } from "./trainer-error.ts";
import { trainerFolder } from "./trainer-paths.ts";

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--help")) {
    process.stdout.write(`${evaluationUsage}\n`);
    return 0;
  }
  try {
    const options = parseEvaluationOptions(args);
    const { figures, folder } = await evaluate(options, process.stdout);
    const targets = options.chooseShares ? [] : Object.entries(evaluationTargets[options.dataset]);
    const passed = targets.every(([name, least]) => (figures[name] ?? 0) >= least);
    const rows = targets.map(([name, least]) => {
      const value = figures[name] ?? 0;
      return [
        name,
        value.toFixed(4),
        String(Number(least.toFixed(4))),
        value >= least ? "reached" : "missed",
      ];
    });
    if (rows.length > 0) {
      process.stdout.write(`\n${tableLines(["figure", "value", "target", ""], rows).join("\n")}\n`);
    }
    const report = options.chooseShares ? "shares.md" : "report.md";
    process.stdout.write(`report: ${relative(process.cwd(), folder)}/${report}\n`);
    if (options.json) {
      const shares = options.chooseShares ? " --choose-shares" : "";
      const command = `npm run evaluate -- --dataset ${options.dataset}${shares}`;
      const line = figuresReport({ command, folder: trainerFolder, figures, passed });
      process.stdout.write(`${JSON.stringify(line)}\n`);
    }
    return passed ? 0 : 1;
  } catch (error) {
    if (!(error instanceof TrainerError)) throw error;
    process.stderr.write(`not evaluated: ${error.message}\n`);
    return 2;
  }
}
