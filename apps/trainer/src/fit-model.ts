import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { BaseTransaction } from "@tollgate/contracts";
import type { CompiledEngagement } from "@tollgate/engagement";
import type { ModelRegistry, NewModel } from "@tollgate/model-registry";
import { championJob } from "./champion-job.ts";
import type { Screen } from "./progress-bar.ts";
import type { PythonEnvironment } from "./python-environment.ts";
import { runPythonJob } from "./run-python-job.ts";

/** What the Python part of the trainer leaves behind; the registry checks it as part of the manifest. */
export interface FittedModel {
  readonly modelBytes: Uint8Array;
  readonly trained: Pick<
    NewModel["manifest"],
    "input" | "output" | "thresholds" | "goldenRows" | "trainedOn" | "metrics"
  >;
}

/** Fits, judges and exports the model in Python. Throws when a gate refuses it; the screen has the reason. */
export async function fitModel<T extends BaseTransaction>(
  compiled: CompiledEngagement<T>,
  options: {
    readonly environment: PythonEnvironment;
    readonly registry: ModelRegistry;
    readonly rowsPath: string;
    readonly outputFolder: string;
    readonly seed: number;
    readonly screen: Screen;
  },
): Promise<FittedModel> {
  const { registry, outputFolder, screen } = options;
  const { engagement, featureSet } = compiled;
  const champion = await championJob({
    registry,
    name: engagement.name,
    featureSet,
    folder: outputFolder,
    screen,
  });
  const { rowsPath, seed, environment } = options;
  const { policy } = engagement;
  const features = featureSet.names;
  await runPythonJob(
    { task: "train", rowsPath, outputFolder, features, seed, policy, champion },
    { environment, screen },
  );
  const trained = JSON.parse(
    await readFile(join(outputFolder, "trained.json"), "utf8"),
  ) as FittedModel["trained"];
  return { modelBytes: new Uint8Array(await readFile(join(outputFolder, "model.onnx"))), trained };
}
