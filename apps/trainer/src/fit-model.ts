import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { BaseTransaction } from "@tollgate/contracts";
import type { CompiledEngagement } from "@tollgate/engagement";
import type { ModelRegistry, NewModel } from "@tollgate/model-registry";
import type { PythonEnvironment } from "@tollgate/python-environment";
import { championJob } from "./champion-job.ts";
import type { Screen } from "./progress-bar.ts";
import { runPythonJob, type PythonJob } from "./run-python-job.ts";

/** What the Python part of the trainer leaves behind; the registry checks it as part of the manifest. */
export interface FittedModels {
  readonly main: FittedModel;
  /** The simple model, for when nothing else can be had. */
  readonly fallback: FittedModel;
}

export interface FittedModel {
  readonly modelBytes: Uint8Array;
  readonly trained: Pick<
    NewModel["manifest"],
    "input" | "output" | "thresholds" | "goldenRows" | "trainedOn" | "metrics"
  >;
}

/** Fits, judges and exports the models in Python. Throws when a gate refuses; the screen has the reason. */
export async function fitModel<T extends BaseTransaction>(
  compiled: CompiledEngagement<T>,
  options: {
    readonly environment: PythonEnvironment;
    readonly registry: ModelRegistry;
    readonly rowsPath: string;
    readonly outputFolder: string;
    readonly seed: number;
    readonly screen: Screen;
    readonly task: "train" | "blend";
    readonly job: Pick<PythonJob, "searchSeconds" | "prequential" | "sequences" | "tracking">;
  },
): Promise<FittedModels> {
  const { registry, outputFolder, screen } = options;
  const { engagement, featureSet } = compiled;
  const champion = await championJob({
    registry,
    name: engagement.name,
    featureSet,
    folder: outputFolder,
    withSequences: options.job.sequences !== undefined,
    screen,
  });
  const { rowsPath, seed, environment } = options;
  const { policy } = engagement;
  const features = featureSet.names;
  await runPythonJob(
    { task: options.task, rowsPath, outputFolder, features, seed, policy, champion, ...options.job },
    { environment, screen },
  );
  return {
    main: await readFitted(outputFolder, "model"),
    fallback: await readFitted(outputFolder, "fallback"),
  };
}

async function readFitted(folder: string, name: "model" | "fallback"): Promise<FittedModel> {
  const text = await readFile(join(folder, `${name}.json`), "utf8");
  const modelBytes = new Uint8Array(await readFile(join(folder, `${name}.onnx`)));
  return { modelBytes, trained: JSON.parse(text) as FittedModel["trained"] };
}
