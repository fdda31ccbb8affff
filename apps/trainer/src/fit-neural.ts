import { join } from "node:path";
import type { BaseTransaction } from "@tollgate/contracts";
import type { CompiledEngagement } from "@tollgate/engagement";
import type { Screen } from "./progress-bar.ts";
import { prepareNeuralPython } from "./prepare-python.ts";
import { runPythonJob, type NeuralJob } from "./run-python-job.ts";
import { createSequenceWriter, type SequenceWriter } from "./sequence-writer.ts";
import { TrainerError } from "./trainer-error.ts";

/** Where the network of a run will lie, and what writes the sequences that it reads. */
export async function prepareNeural<T extends BaseTransaction>(
  { engagement }: CompiledEngagement<T>,
  folder: string,
): Promise<{ readonly job: NeuralJob; readonly sequences: SequenceWriter<T> }> {
  const source = engagement.sequence?.();
  if (source === undefined) {
    throw new TrainerError(`${engagement.name} has no sequence for a network: leave out --model neural`);
  }
  const { slots, channels } = source.reader;
  const sequencesPath = join(folder, "sequences.f32");
  const job = { modelPath: join(folder, "neural.onnx"), sequencesPath, slots, channels };
  return { job, sequences: await createSequenceWriter(sequencesPath, source) };
}

/** Fits the network on the rows and exports it, in an environment of its own. */
export async function fitNeural<T extends BaseTransaction>(
  { engagement, featureSet }: CompiledEngagement<T>,
  options: {
    readonly neural: NeuralJob;
    readonly rowsPath: string;
    readonly outputFolder: string;
    readonly seed: number;
    readonly screen: Screen;
  },
): Promise<void> {
  const { screen, neural, rowsPath, outputFolder, seed } = options;
  const environment = await prepareNeuralPython();
  const { policy } = engagement;
  const files = { neural, rowsPath, outputFolder };
  const job = { ...files, task: "neural", features: featureSet.names, seed, policy } as const;
  await runPythonJob(job, { environment, screen });
}
