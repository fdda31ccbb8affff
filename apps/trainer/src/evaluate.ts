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
import type { PythonEnvironment } from "@tollgate/python-environment";
import { loadEngagement } from "@tollgate/scoring";
import { readBestShares, readEvaluationFigures } from "./evaluation-figures.ts";
import type { EvaluationOptions } from "./evaluation-options.ts";
import { exportHandbookRows } from "./export-handbook-rows.ts";
import { exportTrainingSet } from "./export-training-set.ts";
import { fetchUlb } from "./fetch-ulb.ts";
import { fitModel } from "./fit-model.ts";
import { createProgressBar, type Screen } from "./progress-bar.ts";
import { prepareNeuralPython, preparePython } from "./prepare-python.ts";
import { prepareSequences } from "./prepare-sequences.ts";
import { readDataset } from "./read-dataset.ts";
import { runPythonJob } from "./run-python-job.ts";
import { trackingOf, type Tracking } from "./tracking.ts";
import { TrainerError } from "./trainer-error.ts";
import { lockPath, neuralLockPath } from "./trainer-paths.ts";

const handbookDefaultPath = "../shared/data/handbook-2018-04-01-to-2018-08-14.parquet";
const handbookRows = 1_303_778;
const ulbFolder = ".local/data/ulb";
const ulbSize = { rows: 284_807, frauds: 492 };
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
  const environment = await pythonFor(options);
  const folder = resolve(options.outputFolder, dataset);
  await mkdir(folder, { recursive: true });
  const run = { options, folder, environment, screen };
  if (dataset === "handbook") await evaluateHandbook(run);
  else if (dataset === "ulb") await evaluateUlb(run);
  else await evaluateSimulated(run);
  const figures = options.chooseShares
    ? await readBestShares(folder)
    : await readEvaluationFigures(folder, dataset);
  return { figures, folder };
}

function pythonFor(options: EvaluationOptions): Promise<PythonEnvironment> {
  return fitsNetwork(options) ? prepareNeuralPython() : preparePython();
}

function fitsNetwork({ dataset, neural }: EvaluationOptions): boolean {
  return dataset === "simulated" && neural;
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
  const files = { rowsPath, outputFolder: folder, tracking: await trackingFor(options) };
  const job = { ...files, features, seed, policy, publishedFeatures };
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
  const path = options.dataPath ?? (await fetchUlb({ folder: resolve(ulbFolder), python, screen }));
  const { compiled } = await loadEngagement("@tollgate/engagement-ulb");
  const rowsPath = join(folder, "ulb.parquet");
  const { seed } = options;
  const exported = await exportTrainingSet(compiled, {
    path: rowsPath,
    source: readDataset(resolve(path), compiled.engagement),
    transactions: Number.POSITIVE_INFINITY,
    customers: 1,
    seed,
    fromMs: 0,
    untilMs: undefined,
    progress: createProgressBar("export:", ulbSize.rows, screen),
  });
  if (exported.rows !== ulbSize.rows || exported.frauds !== ulbSize.frauds) {
    const { rows, frauds } = exported;
    throw new TrainerError(
      `${path} has ${rows} rows and ${frauds} frauds, the published file ${ulbSize.rows} and ` +
        `${ulbSize.frauds}`,
    );
  }
  const { policy } = compiled.engagement;
  const files = { rowsPath, outputFolder: folder, tracking: await trackingFor(options) };
  const job = { ...files, features: compiled.featureSet.names, seed, policy };
  const task = options.chooseShares ? "blend-shares" : "blend";
  await runPythonJob({ task, ...job }, { environment, screen });
}

async function evaluateSimulated({ options, folder, environment, screen }: Run): Promise<void> {
  const { compiled, modelsFolder } = await loadEngagement("@tollgate/engagement-card-payments");
  const { transactions, customers, seed } = options;
  const rowsPath = join(folder, "rows.parquet");
  const progress = createProgressBar("export:", transactions, screen);
  const simulation = { transactions, customers, seed, fromMs: simulationStartMs, untilMs: undefined };
  const sequences = options.neural ? await prepareSequences(compiled, folder) : undefined;
  await exportTrainingSet(compiled, {
    ...simulation,
    path: rowsPath,
    progress,
    sequences: sequences?.writer,
  });
  const files = { rowsPath, outputFolder: folder, seed, screen };
  const registry = openModelRegistry(modelsFolder);
  const { searchSeconds } = options;
  const job = {
    searchSeconds,
    prequential: true,
    sequences: sequences?.job,
    tracking: await trackingFor(options),
  };
  await fitModel(compiled, { environment, registry, ...files, task: "train", job });
}

async function trackingFor(options: EvaluationOptions): Promise<Tracking | undefined> {
  const { tracking, dataset } = options;
  const source = dataset === "ulb" ? "@tollgate/engagement-ulb" : "@tollgate/engagement-card-payments";
  const lock = fitsNetwork(options) ? neuralLockPath : lockPath;
  return trackingOf(tracking, { experiment: `evaluate-${dataset}`, featureSources: [source], lock });
}
