import { outcomes, type BaseTransaction } from "@tollgate/contracts";
import type { CompiledEngagement, SimulatedTransaction } from "@tollgate/engagement";
import { createStreamReplay } from "@tollgate/feature-replay";
import { trainerLimits } from "./limits.ts";
import type { ProgressBar } from "./progress-bar.ts";
import { sampleAttributes } from "./sample-attributes.ts";
import type { SequenceWriter } from "./sequence-writer.ts";
import { createTrainingRowWriter, type TrainingRow } from "./training-rows.ts";

export interface ExportedTrainingSet {
  readonly rows: number;
  readonly frauds: number;
  /** Event times of the first and the last transaction. */
  readonly firstMs: number;
  readonly lastMs: number;
}

/** Simulates a stream, or reads one, and writes each transaction's features and truth to a Parquet file. */
export async function exportTrainingSet<T extends BaseTransaction>(
  compiled: CompiledEngagement<T>,
  options: {
    readonly path: string;
    readonly transactions: number;
    readonly customers: number;
    readonly seed: number;
    readonly fromMs: number;
    readonly untilMs: number | undefined;
    readonly progress: ProgressBar;
    /** Written beside, where a network is to be fitted. */
    readonly sequences?: SequenceWriter | undefined;
    /** Read in place of a simulation. */
    readonly source?: AsyncIterable<SimulatedTransaction<T>> | undefined;
  },
): Promise<ExportedTrainingSet> {
  const { seed, customers, fromMs, untilMs = Number.POSITIVE_INFINITY } = options;
  const { featureSet } = compiled;
  const attributes = sampleAttributes(compiled.engagement, options);
  const segments = options.source === undefined ? segmentNames(compiled, options) : [];
  const writer = createTrainingRowWriter(options.path, featureSet.names, { attributes, segments });
  const replay = createStreamReplay(featureSet);
  const { size, sequence } = featureSet;
  const isWide = options.sequences !== undefined && sequence !== undefined;
  const vector = new Float32Array(size + (isWide ? sequence.size : 0));
  const simulation = { seed, customers, startMs: fromMs, idPrefix: "train-" };
  const stream = options.source ?? compiled.engagement.simulate(simulation);
  let rows = 0;
  let frauds = 0;
  let firstMs = fromMs;
  let lastMs = fromMs;
  const labelAndAttributes = ({
    transaction,
    label,
    segments: values,
  }: SimulatedTransaction<T>): Pick<TrainingRow, "labelSource" | "attributes" | "segments"> => {
    const wire = compiled.engagement.transaction.toWire(transaction);
    const fields = attributes.map((field) => wire[field]);
    return {
      labelSource: label?.source,
      attributes: fields.map((value) => (typeof value === "string" ? value : undefined)),
      segments: segments.map((name) => values?.[name]),
    };
  };
  for await (const simulated of stream) {
    const { occurredAtMs } = simulated.transaction;
    if (occurredAtMs >= untilMs) break;
    replay.next(simulated.transaction, vector, simulated.label);
    await writer.add({ ...rowOf(compiled, simulated, vector), ...labelAndAttributes(simulated) }, vector);
    await options.sequences?.add(vector.subarray(size));
    if (rows === 0) firstMs = occurredAtMs;
    lastMs = occurredAtMs;
    rows += 1;
    frauds += simulated.pattern === undefined ? 0 : 1;
    if (rows % trainerLimits.progressRows === 0) options.progress.show(rows);
    if (rows === options.transactions) break;
  }
  await writer.finish();
  await options.sequences?.finish();
  options.progress.end(rows);
  return { rows, frauds, firstMs, lastMs };
}

/** Those of the first transaction: each of the stream has the same. */
function segmentNames<T extends BaseTransaction>(
  { engagement }: CompiledEngagement<T>,
  { seed, customers, fromMs }: { readonly seed: number; readonly customers: number; readonly fromMs: number },
): readonly string[] {
  const stream = engagement.simulate({ seed, customers, startMs: fromMs, idPrefix: "train-" });
  for (const { segments = {} } of stream) return Object.keys(segments);
  return [];
}

function rowOf<T extends BaseTransaction>(
  compiled: CompiledEngagement<T>,
  { transaction, label, pattern }: SimulatedTransaction<T>,
  vector: Float32Array,
): TrainingRow {
  const verdict = compiled.decisions.decide({
    transaction,
    vector,
    offset: 0,
    score: null,
    thresholds: null,
  });
  return {
    transactionId: transaction.id,
    entityKey: compiled.partitionEntity.key(transaction),
    occurredAtMs: transaction.occurredAtMs,
    labelFraud: label?.fraud,
    labelledAtMs: label?.labelledAtMs,
    pattern,
    ruleOutcome: outcomes.indexOf(verdict.outcome),
    rulesFired: verdict.reasons.length,
  };
}
