// `npm run train`: simulates transactions, computes their features with the serving code, fits a model on
// them and registers it. `--help` lists the options.
import { train } from "./train.ts";
import { TrainerError } from "./trainer-error.ts";
import { parseTrainingOptions, trainingUsage } from "./training-options.ts";

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--help")) {
    process.stdout.write(`${trainingUsage}\n`);
    return 0;
  }
  try {
    const { manifests, registryFolder, promoted } = await train(parseTrainingOptions(args), process.stdout);
    const references = manifests.map(({ name, version }) => `${name}@v${version}`).join(" and ");
    const alias = promoted ? ", now the champion" : "; --promote would make it the champion";
    process.stdout.write(`registered: ${references} in ${registryFolder}${alias}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof TrainerError)) throw error;
    process.stderr.write(`train: ${error.message}\n`);
    return 1;
  }
}
