import { join } from "node:path";
import type { BaseTransaction } from "@tollgate/contracts";
import type { CompiledEngagement } from "@tollgate/engagement";
import type { SequencesJob } from "./run-python-job.ts";
import { createSequenceWriter, type SequenceWriter } from "./sequence-writer.ts";
import { TrainerError } from "./trainer-error.ts";

/** What a network reads beside the rows' features. */
export interface TrainingSequences {
  readonly job: SequencesJob;
  readonly writer: SequenceWriter;
}

/** Where the sequences of a run will lie, and what writes them. Throws where the engagement has none. */
export async function prepareSequences<T extends BaseTransaction>(
  { engagement, featureSet }: CompiledEngagement<T>,
  folder: string,
): Promise<TrainingSequences> {
  const { sequence } = featureSet;
  if (sequence === undefined) {
    throw new TrainerError(
      `the feature set of ${engagement.name} has no sequence for a network to look back on: give it one ` +
        "(`sequence: recent(…)`), or leave out --model neural",
    );
  }
  const { name, slots, channels, size } = sequence;
  const path = join(folder, "sequences.f32");
  return { job: { path, name, slots, channels }, writer: await createSequenceWriter(path, size) };
}
