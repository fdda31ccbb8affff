import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  columnsOfModel,
  ModelRegistryError,
  type ModelRegistry,
  type ServedFeatureSet,
} from "@tollgate/model-registry";
import type { Screen } from "./progress-bar.ts";

/** The model that serves now, for the Python part to judge on the same rows. */
export interface ChampionJob {
  readonly reference: string;
  readonly path: string;
  /** Its input columns by name; behind them the sequence, where it reads that. */
  readonly features: readonly string[];
  readonly readsSequence: boolean;
}

/** Lays the champion's file ready; undefined, with the reason on the screen, when it cannot score them. */
export async function championJob(options: {
  readonly registry: ModelRegistry;
  readonly name: string;
  readonly featureSet: ServedFeatureSet;
  readonly folder: string;
  /** Whether the rows have sequences beside them. */
  readonly withSequences: boolean;
  readonly screen: Screen;
}): Promise<ChampionJob | undefined> {
  const { registry, name, featureSet } = options;
  try {
    const { manifest, modelBytes } = await registry.resolve(`${name}@champion`);
    columnsOfModel(manifest, featureSet);
    const readsSequence = manifest.sequence !== undefined;
    if (readsSequence && !options.withSequences) {
      options.screen.write("champion: not beside, it is a network, whose sequences --model neural writes\n");
      return undefined;
    }
    const path = join(options.folder, "champion.onnx");
    await mkdir(options.folder, { recursive: true });
    await writeFile(path, modelBytes);
    const features = manifest.features.map((feature) => feature.name);
    return { reference: `${name}@v${manifest.version}`, path, features, readsSequence };
  } catch (error) {
    if (!(error instanceof ModelRegistryError)) throw error;
    options.screen.write(`champion: not beside, ${error.message}\n`);
    return undefined;
  }
}
