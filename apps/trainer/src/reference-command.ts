// `npm run reference`: makes the drift monitor's reference of a registered model that has none: its training
// rows are simulated again, as the manifest says, and scored by it. `npm run train` makes it by itself.
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { serialiseReferenceProfile } from "@tollgate/drift";
import { ModelRegistryError, openModelRegistry, type ModelManifest } from "@tollgate/model-registry";
import { loadEngagement } from "@tollgate/scoring";
import { exportTrainingSet } from "./export-training-set.ts";
import { makeReference } from "./make-reference.ts";
import { prepareSequences } from "./prepare-sequences.ts";
import { createProgressBar, type Screen } from "./progress-bar.ts";
import { TrainerError } from "./trainer-error.ts";

const usage = `npm run reference -- [options]
  --engagement NAME     package of the engagement (default @tollgate/engagement-card-payments)
  --model REFERENCE     name@champion, name@v3 or name/3 (default card-payments@champion)
  --registry FOLDER     default: the engagement's models folder
  --output FILE         default: reference.json in the version's folder; it must not be there yet
  --work FOLDER         default: .local/training`;

const dayMs = 86_400_000;

process.exitCode = await main(process.argv.slice(2), process.stdout);

async function main(args: readonly string[], screen: Screen): Promise<number> {
  if (args.includes("--help")) {
    screen.write(`${usage}\n`);
    return 0;
  }
  try {
    screen.write(`reference: ${await reference(args, screen)}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof TrainerError || error instanceof ModelRegistryError)) throw error;
    process.stderr.write(`reference: ${error.message}\n`);
    return 1;
  }
}

async function reference(args: readonly string[], screen: Screen): Promise<string> {
  const values = parse(args);
  const { compiled, modelsFolder } = await loadEngagement(
    values.engagement ?? "@tollgate/engagement-card-payments",
  );
  const registryFolder = resolve(values.registry ?? modelsFolder);
  const model = values.model ?? "card-payments@champion";
  const { manifest, modelBytes } = await openModelRegistry(registryFolder).resolve(model);
  const output =
    values.output ?? join(registryFolder, manifest.name, `v${manifest.version}`, "reference.json");
  if (existsSync(output)) throw new TrainerError(takenMessage(output));
  const workFolder = resolve(values.work ?? ".local/training", manifest.name);
  await mkdir(workFolder, { recursive: true });
  const rowsPath = join(workFolder, `reference-rows-v${manifest.version}.parquet`);
  const stream = streamOf(manifest);
  const progress = createProgressBar("export:", stream.transactions, screen);
  const sequences =
    manifest.sequence === undefined ? undefined : await prepareSequences(compiled, workFolder);
  await exportTrainingSet(compiled, { ...stream, path: rowsPath, progress, sequences: sequences?.writer });
  const sequencesPath = sequences?.job.path;
  const profile = await makeReference(compiled, { manifest, modelBytes, rowsPath, sequencesPath });
  await writeFile(output, serialiseReferenceProfile(profile), { flag: "wx" });
  return output;
}

function takenMessage(path: string): string {
  return `${path} is there already, and may be signed: write to another --output, replace it, sign anew`;
}

/** The stream that the model was trained on. */
function streamOf({ trainedOn, name, version }: ModelManifest): {
  readonly transactions: number;
  readonly customers: number;
  readonly seed: number;
  readonly fromMs: number;
  readonly untilMs: undefined;
} {
  const { source, transactions, customers, seed, from } = trainedOn;
  const fromMs = Math.floor(Date.parse(String(from)) / dayMs) * dayMs;
  const numbers = [transactions, customers, seed, fromMs];
  if (source !== "simulation" || !numbers.every(Number.isFinite)) {
    throw new TrainerError(`${name}@v${version} does not say which simulation it was trained on`);
  }
  return {
    transactions: Number(transactions),
    customers: Number(customers),
    seed: Number(seed),
    fromMs,
    untilMs: undefined,
  };
}

type Option = "engagement" | "model" | "registry" | "output" | "work";

function parse(args: readonly string[]): Partial<Record<Option, string>> {
  const text = { type: "string" } as const;
  const options = { engagement: text, model: text, registry: text, output: text, work: text };
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new TrainerError(`${(error as Error).message}\n${usage}`, error);
  }
}
