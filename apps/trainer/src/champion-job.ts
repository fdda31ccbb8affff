import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { FeatureDescription } from "@tollgate/features";
import { columnsOfModel, ModelRegistryError, type ModelRegistry } from "@tollgate/model-registry";
import type { Screen } from "./progress-bar.ts";

/** The model that serves now, for the Python part to judge on the same rows. */
export interface ChampionJob {
  readonly reference: string;
  readonly path: string;
  /** Its input columns by name. */
  readonly features: readonly string[];
}

/** Lays the champion's file ready; undefined, with the reason on the screen, when it cannot score them. */
export async function championJob(options: {
  readonly registry: ModelRegistry;
  readonly name: string;
  readonly featureSet: { readonly hash: string; readonly features: readonly FeatureDescription[] };
  readonly folder: string;
  readonly screen: Screen;
}): Promise<ChampionJob | undefined> {
  const { registry, name, featureSet } = options;
  try {
    const { manifest, modelBytes } = await registry.resolve(`${name}@champion`);
    columnsOfModel(manifest, featureSet);
    const path = join(options.folder, "champion.onnx");
    await mkdir(options.folder, { recursive: true });
    await writeFile(path, modelBytes);
    const features = manifest.features.map((feature) => feature.name);
    return { reference: `${name}@v${manifest.version}`, path, features };
  } catch (error) {
    if (!(error instanceof ModelRegistryError)) throw error;
    options.screen.write(`champion: not beside, ${error.message}\n`);
    return undefined;
  }
}
