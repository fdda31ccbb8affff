import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BaseTransaction } from "@tollgate/contracts";
import type { CompiledEngagement } from "@tollgate/engagement";
import type { NewModel } from "@tollgate/model-registry";
import type { PythonEnvironment } from "./python-environment.ts";
import type { Screen } from "./progress-bar.ts";
import { runProcess } from "./run-process.ts";
import { TrainerError } from "./trainer-error.ts";
import { trainerFolder } from "./trainer-paths.ts";

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
    readonly rowsPath: string;
    readonly outputFolder: string;
    readonly seed: number;
    readonly screen: Screen;
  },
): Promise<FittedModel> {
  const { rowsPath, outputFolder, seed } = options;
  const { alertBudgetShare, declineBudgetShare } = compiled.engagement.policy;
  await mkdir(outputFolder, { recursive: true });
  const jobPath = join(outputFolder, "job.json");
  const features = compiled.featureSet.names;
  const job = { rowsPath, outputFolder, features, seed, alertBudgetShare, declineBudgetShare };
  await writeFile(jobPath, JSON.stringify(job, undefined, 2));
  const { exitCode } = await runProcess(options.environment.python, ["-m", "tollgate_trainer", jobPath], {
    cwd: trainerFolder,
    onOutput: (text) => options.screen.write(text),
  });
  if (exitCode !== 0) throw new TrainerError("no model was registered, for the reason above");
  const trained = JSON.parse(
    await readFile(join(outputFolder, "trained.json"), "utf8"),
  ) as FittedModel["trained"];
  return { modelBytes: new Uint8Array(await readFile(join(outputFolder, "model.onnx"))), trained };
}
