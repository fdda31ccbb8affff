import { createHash } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import type { BaseTransaction } from "@tollgate/contracts";
import { serialiseReferenceProfile } from "@tollgate/drift";
import type { CompiledEngagement } from "@tollgate/engagement";
import {
  modelCardFiles,
  ModelRegistryError,
  openModelRegistry,
  registryLocation,
  type ModelManifest,
  type ModelProvenance,
  type ModelRegistry,
  type NewModel,
} from "@tollgate/model-registry";
import { loadEngagement } from "@tollgate/scoring";
import { exportTrainingSet, type ExportedTrainingSet } from "./export-training-set.ts";
import { fitModel, type FittedModel } from "./fit-model.ts";
import { makeReference } from "./make-reference.ts";
import { createProgressBar, type Screen } from "./progress-bar.ts";
import { provenanceOf } from "./provenance-of.ts";
import { prepareNeuralPython, preparePython } from "./prepare-python.ts";
import { prepareSequences } from "./prepare-sequences.ts";
import { readDataset } from "./read-dataset.ts";
import type { SequencesJob } from "./run-python-job.ts";
import { trackingOf } from "./tracking.ts";
import { lockPath, neuralLockPath } from "./trainer-paths.ts";
import type { TrainingOptions } from "./training-options.ts";

export interface TrainedModel {
  /** What was registered: the main model, then the fallback. */
  readonly manifests: readonly ModelManifest[];
  readonly registryFolder: string;
  /** Whether the main model is the champion now. */
  readonly promoted: boolean;
}

/** Simulates, fits, judges and registers a model: the whole of `npm run train`. */
export async function train(options: TrainingOptions, screen: Screen): Promise<TrainedModel> {
  const { compiled, modelsFolder } = await loadEngagement(options.engagementPackage);
  const isNeural = options.model === "neural";
  const environment = await (isNeural ? prepareNeuralPython() : preparePython());
  screen.write(`python: ${environment.made ? "environment made" : "environment is there"}\n`);
  const { name } = compiled.engagement;
  const workFolder = resolve(options.workFolder, name);
  await mkdir(workFolder, { recursive: true });
  const rowsPath = join(workFolder, `rows-${options.seed}.parquet`);
  const { seed } = options;
  const files = { rowsPath, outputFolder: workFolder, seed, screen };
  const { exported, sequences } = await exportRows(compiled, { ...options, ...files });
  const registryFolder = registryLocation(options.registryFolder ?? modelsFolder);
  // What an engagement carries is committed, and so plain (ADR 12); any other registry is encrypted.
  const plain = options.registryFolder === undefined ? { encryption: false } : {};
  const registry = openModelRegistry(registryFolder, plain);
  const { searchSeconds } = options;
  const featureSources = [options.engagementPackage];
  const lock = isNeural ? neuralLockPath : lockPath;
  const tracking = await trackingOf(options.tracking, { experiment: name, featureSources, lock });
  const job = { searchSeconds, sequences, tracking };
  const task = options.model === "blend" ? "blend" : "train";
  const fitted = await fitModel(compiled, { environment, registry, ...files, task, job });
  const { firstMs, lastMs } = exported;
  const rows = { path: rowsPath, count: exported.rows, firstMs, lastMs };
  const provenance = await provenanceOf(options, rows, lock);
  const evaluation = new Uint8Array(await readFile(join(workFolder, "evaluation.json")));
  const made = { rowsPath, sequencesPath: sequences?.path, provenance, evaluation };
  const publish = async (model: FittedModel, why: string): Promise<ModelManifest> => {
    const trainedOn = { ...sourceOf(options, exported), ...model.trained.trainedOn };
    return registry.publish(await newModel(compiled, model, { ...made, trainedOn }), { why });
  };
  const manifests: ModelManifest[] = [];
  let promoted = false;
  if (options.register !== "fallback") {
    const manifest = await publish(fitted.main, "trained");
    manifests.push(manifest);
    promoted = await promote(registry, { manifest, alias: "champion", always: options.promote, screen });
  }
  if (options.register !== "main") {
    const manifest = await publish(fitted.fallback, "trained as the fallback");
    manifests.push(manifest);
    await promote(registry, { manifest, alias: "fallback", always: options.promote, screen });
  }
  await registry.close();
  return { manifests, registryFolder, promoted };
}

/** The rows and, where a network is asked for, its sequences. */
async function exportRows<T extends BaseTransaction>(
  compiled: CompiledEngagement<T>,
  options: TrainingOptions & {
    readonly rowsPath: string;
    readonly outputFolder: string;
    readonly screen: Screen;
  },
): Promise<{ readonly exported: ExportedTrainingSet; readonly sequences: SequencesJob | undefined }> {
  const { rowsPath, outputFolder, screen, model, transactions } = options;
  const progress = createProgressBar("export:", transactions, screen);
  const sequences = model === "neural" ? await prepareSequences(compiled, outputFolder) : undefined;
  const { dataPath } = options;
  const ofFile =
    dataPath === undefined
      ? {}
      : { source: readDataset(dataPath, compiled.engagement), transactions: Number.POSITIVE_INFINITY };
  const exported = await exportTrainingSet(compiled, {
    ...options,
    path: rowsPath,
    progress,
    sequences: sequences?.writer,
    ...ofFile,
  });
  return { exported, sequences: sequences?.job };
}

/**
 * Points the alias to the version when that is asked for or nothing has the alias yet. False, with the reason
 * on the screen, where the registry wants another one to approve it.
 */
async function promote(
  registry: ModelRegistry,
  move: {
    readonly manifest: ModelManifest;
    readonly alias: "champion" | "fallback";
    readonly always: boolean;
    readonly screen: Screen;
  },
): Promise<boolean> {
  const { alias, screen } = move;
  const { name, version } = move.manifest;
  if (!move.always && (await registry.aliasOf(name, alias)) !== undefined) return false;
  try {
    await registry.setAlias(name, alias, version, { why: "trained and promoted" });
    return true;
  } catch (error) {
    if (!(error instanceof ModelRegistryError && error.code.startsWith("REGISTRY_"))) throw error;
    screen.write(`not the ${alias}: ${error.message}. ${error.entry.message}\n`);
    return false;
  }
}

/** The model with its manifest, and what the drift monitor will compare its decisions with. */
async function newModel<T extends BaseTransaction>(
  compiled: CompiledEngagement<T>,
  { modelBytes, trained }: FittedModel,
  from: {
    readonly trainedOn: ModelManifest["trainedOn"];
    readonly rowsPath: string;
    readonly sequencesPath: string | undefined;
    readonly provenance: ModelProvenance;
    readonly evaluation: Uint8Array;
  },
): Promise<NewModel> {
  const { engagement, featureSet } = compiled;
  const described: NewModel["manifest"] = {
    ...trained,
    name: engagement.name,
    featureSet: featureSet.hash,
    features: featureSet.features.map(({ name, fingerprint, unit }) => ({ name, fingerprint, unit })),
    ...sequenceOf(trained.input.size, featureSet),
    trainedAt: new Date().toISOString(),
    trainedOn: from.trainedOn,
    provenance: from.provenance,
  };
  const sha256 = createHash("sha256").update(modelBytes).digest("hex");
  // The registry gives the version; the reference is the same for any.
  const manifest: ModelManifest = {
    schema: "tollgate.model.v1",
    version: 1,
    file: "model.onnx",
    sha256,
    ...described,
  };
  const { rowsPath, sequencesPath } = from;
  const profile = await makeReference(compiled, { manifest, modelBytes, rowsPath, sequencesPath });
  return {
    modelBytes,
    manifest: described,
    files: (published) => {
      const { name, version } = published;
      const text = serialiseReferenceProfile({ ...profile, model: { name, version } });
      return new Map([
        ["reference.json", new TextEncoder().encode(text)],
        ["evaluation.json", from.evaluation],
        ...modelCardFiles(published, from.evaluation),
      ]);
    },
  };
}

/** Of a network, whose input has more numbers than there are features. */
function sequenceOf<T extends BaseTransaction>(
  inputSize: number,
  { size, sequence }: CompiledEngagement<T>["featureSet"],
): Pick<ModelManifest, "sequence"> {
  if (inputSize === size || sequence === undefined) return {};
  const { name, fingerprint, slots, channels } = sequence;
  return { sequence: { name, fingerprint, slots, channels } };
}

function sourceOf(options: TrainingOptions, exported: ExportedTrainingSet): ModelManifest["trainedOn"] {
  return {
    source: options.dataPath === undefined ? "simulation" : basename(options.dataPath),
    engagement: options.engagementPackage,
    transactions: exported.rows,
    customers: options.customers,
    frauds: exported.frauds,
    seed: options.seed,
    from: new Date(exported.firstMs).toISOString(),
    until: new Date(exported.lastMs).toISOString(),
  };
}
