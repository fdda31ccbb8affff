import { access, mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { compileEngagement } from "@tollgate/engagement";
import {
  engagement,
  handbookFeatureSet,
  handbookPublishedFeatures,
} from "@tollgate/engagement-card-payments";
import { compileFeatureSet } from "@tollgate/features";
import { openModelRegistry } from "@tollgate/model-registry";
import { loadEngagement } from "@tollgate/scoring";
import { readEvaluationFigures } from "./evaluation-figures.ts";
import type { EvaluationOptions } from "./evaluation-options.ts";
import { exportHandbookRows } from "./export-handbook-rows.ts";
import { exportTrainingSet } from "./export-training-set.ts";
import { fetchUlb } from "./fetch-ulb.ts";
import { fitModel } from "./fit-model.ts";
import { createProgressBar, type Screen } from "./progress-bar.ts";
import { preparePython, type PythonEnvironment } from "./python-environment.ts";
import { runPythonJob } from "./run-python-job.ts";
import { TrainerError } from "./trainer-error.ts";
import { environmentFolder, lockPath } from "./trainer-paths.ts";

const handbookDefaultPath = "../shared/data/handbook-2018-04-01-to-2018-08-14.parquet";
const handbookRows = 1_303_778;
const ulbFolder = ".local/data/ulb";
const simulationStartMs = Date.UTC(2026, 5, 1);

interface Run {
  readonly options: EvaluationOptions;
  readonly folder: string;
  readonly environment: PythonEnvironment;
  readonly screen: Screen;
}

/** Exports a data set's rows through the feature reducer, fits and judges on them; gives the figures. */
export async function evaluate(
  options: EvaluationOptions,
  screen: Screen,
): Promise<{ readonly figures: Readonly<Record<string, number>>; readonly folder: string }> {
  const { dataset } = options;
  if (dataset === "handbook") await handbookPath(options);
  const environment = await preparePython({ folder: environmentFolder, lockPath });
  const folder = resolve(options.outputFolder, dataset);
  await mkdir(folder, { recursive: true });
  const run = { options, folder, environment, screen };
  if (dataset === "handbook") await evaluateHandbook(run);
  else if (dataset === "ulb") await evaluateUlb(run);
  else await evaluateSimulated(run);
  return { figures: await readEvaluationFigures(folder, dataset), folder };
}

async function evaluateHandbook({ options, folder, environment, screen }: Run): Promise<void> {
  const featureSet = compileFeatureSet(handbookFeatureSet);
  const rowsPath = join(folder, "rows.parquet");
  await exportHandbookRows(compileEngagement(engagement), {
    dataPath: await handbookPath(options),
    rowsPath,
    featureSet,
    progress: createProgressBar("export:", handbookRows, screen),
  });
  const { policy } = engagement;
  const { seed } = options;
  const features = featureSet.names;
  const publishedFeatures = handbookPublishedFeatures;
  const job = { rowsPath, outputFolder: folder, features, seed, policy, publishedFeatures };
  await runPythonJob({ task: "handbook", ...job }, { environment, screen });
}

/** No licence is stated for the file, so it is never part of the repository. */
async function handbookPath({ dataPath }: EvaluationOptions): Promise<string> {
  const path = resolve(dataPath ?? handbookDefaultPath);
  try {
    await access(path);
    return path;
  } catch (error) {
    throw new TrainerError(
      `the Handbook's data are not at ${path}: make a Parquet file of its simulated transactions from ` +
        "2018-04-01 to 2018-08-14 (docs/models.md) and name it with --data",
      error,
    );
  }
}

async function evaluateUlb({ options, folder, environment, screen }: Run): Promise<void> {
  const { python } = environment;
  const rowsPath = resolve(
    options.dataPath ?? (await fetchUlb({ folder: resolve(ulbFolder), python, screen })),
  );
  const components = Array.from({ length: 28 }, (_, index) => `V${index + 1}`);
  const features = [...components, "Amount"];
  const { policy } = engagement;
  const job = { rowsPath, outputFolder: folder, features, seed: options.seed, policy };
  await runPythonJob({ task: "ulb", ...job }, { environment, screen });
}

async function evaluateSimulated({ options, folder, environment, screen }: Run): Promise<void> {
  const { compiled, modelsFolder } = await loadEngagement("@tollgate/engagement-card-payments");
  const { transactions, customers, seed } = options;
  const rowsPath = join(folder, "rows.parquet");
  const progress = createProgressBar("export:", transactions, screen);
  const simulation = { transactions, customers, seed, fromMs: simulationStartMs, untilMs: undefined };
  await exportTrainingSet(compiled, { ...simulation, path: rowsPath, progress });
  const registry = openModelRegistry(modelsFolder);
  await fitModel(compiled, { environment, registry, rowsPath, outputFolder: folder, seed, screen });
}
