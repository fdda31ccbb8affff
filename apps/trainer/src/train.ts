import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { openModelRegistry, type ModelManifest } from "@tollgate/model-registry";
import { loadEngagement } from "@tollgate/scoring";
import { exportTrainingSet, type ExportedTrainingSet } from "./export-training-set.ts";
import { fitModel } from "./fit-model.ts";
import { createProgressBar, type Screen } from "./progress-bar.ts";
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
  const registryFolder = resolve(options.registryFolder ?? modelsFolder);
  const registry = openModelRegistry(registryFolder);
  const work = { rowsPath, outputFolder: workFolder };
  const fitted = await fitModel(compiled, { environment, registry, ...work, seed, screen });
  const manifest = await registry.publish({
    modelBytes: fitted.modelBytes,
    manifest: {
      ...fitted.trained,
      name,
      featureSet: compiled.featureSet.hash,
      features: compiled.featureSet.features.map(({ name: feature, fingerprint, unit }) => {
        return { name: feature, fingerprint, unit };
      }),
      trainedAt: new Date().toISOString(),
      trainedOn: { ...sourceOf(options, exported), ...fitted.trained.trainedOn },
    },
  });
  const promoted = options.promote || (await registry.aliasOf(name, "champion")) === undefined;
  if (promoted) await registry.setAlias(name, "champion", manifest.version);
  return { manifest, registryFolder, promoted };
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
