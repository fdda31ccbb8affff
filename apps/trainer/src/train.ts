import { createHash } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
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
import { preparePython } from "./python-environment.ts";
import { environmentFolder, lockPath } from "./trainer-paths.ts";
import type { TrainingOptions } from "./training-options.ts";

export interface TrainedModel {
  readonly manifest: ModelManifest;
  readonly registryFolder: string;
  readonly promoted: boolean;
}

/** Simulates, fits, judges and registers a model: the whole of `npm run train`. */
export async function train(options: TrainingOptions, screen: Screen): Promise<TrainedModel> {
  const { compiled, modelsFolder } = await loadEngagement(options.engagementPackage);
  const environment = await preparePython({ folder: environmentFolder, lockPath });
  screen.write(`python: ${environment.made ? "environment made" : "environment is there"}\n`);
  const { name } = compiled.engagement;
  const workFolder = resolve(options.workFolder, name);
  await mkdir(workFolder, { recursive: true });
  const rowsPath = join(workFolder, `rows-${options.seed}.parquet`);
  const progress = createProgressBar("export:", options.transactions, screen);
  const exported = await exportTrainingSet(compiled, { ...options, path: rowsPath, progress });
  const { seed } = options;
  const registryFolder = registryLocation(options.registryFolder ?? modelsFolder);
  // What an engagement carries is committed, and so plain (ADR 12); any other registry is encrypted.
  const plain = options.registryFolder === undefined ? { encryption: false } : {};
  const registry = openModelRegistry(registryFolder, plain);
  const work = { rowsPath, outputFolder: workFolder };
  const fitted = await fitModel(compiled, { environment, registry, ...work, seed, screen });
  const trainedOn = { ...sourceOf(options, exported), ...fitted.trained.trainedOn };
  const { firstMs, lastMs } = exported;
  const provenance = await provenanceOf(options, { path: rowsPath, count: exported.rows, firstMs, lastMs });
  const evaluation = new Uint8Array(await readFile(join(workFolder, "evaluation.json")));
  const model = await newModel(compiled, fitted, { trainedOn, rowsPath, provenance, evaluation });
  const manifest = await registry.publish(model, { why: "trained" });
  const wanted = options.promote || (await registry.aliasOf(name, "champion")) === undefined;
  const promoted = wanted && (await promote(registry, manifest, screen));
  await registry.close();
  return { manifest, registryFolder, promoted };
}

/** False, with the reason on the screen, where the registry wants another one to approve it. */
async function promote(registry: ModelRegistry, manifest: ModelManifest, screen: Screen): Promise<boolean> {
  try {
    await registry.setAlias(manifest.name, "champion", manifest.version, { why: "trained and promoted" });
    return true;
  } catch (error) {
    if (!(error instanceof ModelRegistryError && error.code.startsWith("REGISTRY_"))) throw error;
    screen.write(`not promoted: ${error.message}. ${error.entry.message}\n`);
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
  const profile = await makeReference(compiled, { manifest, modelBytes, rowsPath: from.rowsPath });
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

function sourceOf(options: TrainingOptions, exported: ExportedTrainingSet): ModelManifest["trainedOn"] {
  return {
    source: "simulation",
    engagement: options.engagementPackage,
    transactions: exported.rows,
    customers: options.customers,
    frauds: exported.frauds,
    seed: options.seed,
    from: new Date(exported.firstMs).toISOString(),
    until: new Date(exported.lastMs).toISOString(),
  };
}
