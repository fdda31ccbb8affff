// `npm run models -- list | show | publish | …`: the model registry by hand.
import { processEnvironment } from "./config.ts";
import { explainError } from "./explain-error.ts";
import { parseOptions, usage } from "./options.ts";
import { runCommand } from "./run-command.ts";

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--help") || args.length === 0) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  try {
    const options = parseOptions(args);
    const { lines, result, passed } = await runCommand(options, processEnvironment());
    process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : `${lines.join("\n")}\n`);
    return passed ? 0 : 1;
  } catch (error) {
    const explanation = explainError(error);
    if (explanation === undefined) throw error;
    process.stderr.write(`models: ${explanation}\n`);
    return 2;
  }
}
