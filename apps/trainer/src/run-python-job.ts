import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Policy } from "@tollgate/decisioning";
import { runProcess, type PythonEnvironment } from "@tollgate/python-environment";
import type { ChampionJob } from "./champion-job.ts";
import type { Screen } from "./progress-bar.ts";
import type { Tracking } from "./tracking.ts";
import { TrainerError } from "./trainer-error.ts";
import { trainerFolder } from "./trainer-paths.ts";

/** What the Python part is asked for (`tollgate_trainer/job.py`). */
export interface PythonJob {
  readonly task: "train" | "handbook" | "blend" | "blend-shares";
  readonly rowsPath: string;
  readonly outputFolder: string;
  /** Names of the columns, in the order of the model's input. */
  readonly features: readonly string[];
  readonly seed: number;
  readonly policy: Policy;
  /** Of `handbook`: how many of the features, from the first, are the published ones. */
  readonly publishedFeatures?: number;
  readonly champion?: ChampionJob | undefined;
  /** Of `train`: how long to look for better parameters. */
  readonly searchSeconds?: number;
  /** Of `train`: also judge week after week. */
  readonly prequential?: boolean;
  /** Of `train`: fit the network on them, too; it is the main model then. */
  readonly sequences?: SequencesJob | undefined;
  readonly tracking?: Tracking | undefined;
}

/** The file of the sequences, and what each is. */
export interface SequencesJob {
  readonly path: string;
  readonly name: string;
  readonly slots: number;
  readonly channels: readonly string[];
}

/** Runs the job to its end; its words go to the screen. Throws when it refuses. */
export async function runPythonJob(
  job: PythonJob,
  options: { readonly environment: PythonEnvironment; readonly screen: Screen },
): Promise<void> {
  await mkdir(job.outputFolder, { recursive: true });
  const jobPath = join(job.outputFolder, "job.json");
  await writeFile(jobPath, JSON.stringify(job, undefined, 2));
  const { exitCode } = await runProcess(options.environment.python, ["-m", "tollgate_trainer", jobPath], {
    cwd: trainerFolder,
    onOutput: (text) => options.screen.write(text),
  });
  if (exitCode !== 0) throw new TrainerError("the Python part ended without a result, for the reason above");
}
