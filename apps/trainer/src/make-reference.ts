import {
  labelSources,
  outcomes,
  type BaseTransaction,
  type LabelSource,
  type Outcome,
} from "@tollgate/contracts";
import { buildReferenceProfile, type ReferenceProfile, type ReferenceRow } from "@tollgate/drift";
import type { CompiledEngagement } from "@tollgate/engagement";
import {
  asyncBufferFromFile,
  parquetMetadataAsync,
  parquetReadObjects,
  type AsyncBuffer,
  type FileMetaData,
} from "hyparquet";
import { loadModel, type ScoringModel } from "@tollgate/inference";
import { columnsOfModel, type ModelManifest } from "@tollgate/model-registry";
import { silentLogger, systemClock } from "@tollgate/runtime";
import { trainerLimits } from "./limits.ts";
import { openSequenceReader, type SequenceReader } from "./sequence-reader.ts";
import { attributePrefix } from "./training-rows.ts";

/** The days on which the Python part judges the model (`TEST_DAYS`): it has not been fitted to them. */
const referenceDays = 14;
const dayMs = 86_400_000;

export interface ReferenceOptions {
  readonly manifest: ModelManifest;
  readonly modelBytes: Uint8Array;
  /** What `exportTrainingSet` wrote. */
  readonly rowsPath: string;
  /** Read of a model that looks back over a sequence. */
  readonly sequencesPath: string | undefined;
}

/**
 * What the drift monitor compares with: the model's own scores, the rules' and the policy's decisions and all
 * features on the days that it was judged on. Labels count as they are known in the end.
 */
export async function makeReference<T extends BaseTransaction>(
  compiled: CompiledEngagement<T>,
  options: ReferenceOptions,
): Promise<ReferenceProfile> {
  const { manifest, modelBytes } = options;
  const { featureSet, engagement } = compiled;
  const columns = columnsOfModel(manifest, featureSet);
  const model = await loadModel({ manifest, modelBytes, clock: systemClock(), logger: silentLogger() });
  try {
    const rows: ReferenceRow[] = [];
    const file = await openRows(options.rowsPath);
    const { attributes } = file;
    const reader = await openSequences(options);
    for await (const group of readRows(file, featureSet.names, reader))
      rows.push(...(await scored(group, { model, columns })));
    await reader?.close();
    const segmentBy = (engagement.monitoring?.segmentBy ?? []).filter((field) => attributes.includes(field));
    const { name, version, thresholds } = manifest;
    return buildReferenceProfile({
      model: { name, version },
      featureSet,
      attributes,
      segmentBy,
      thresholds,
      rows,
    });
  } finally {
    await model.close();
  }
}

async function openSequences({
  manifest,
  sequencesPath,
}: ReferenceOptions): Promise<SequenceReader | undefined> {
  const { sequence } = manifest;
  if (sequence === undefined || sequencesPath === undefined) return undefined;
  return openSequenceReader(sequencesPath, sequence.slots * sequence.channels.length);
}

type StoredRow = Omit<ReferenceRow, "score" | "outcome"> & { readonly ruleOutcome: number };

interface RowFile {
  readonly file: AsyncBuffer;
  readonly metadata: FileMetaData;
  readonly rowCount: number;
  /** Fields of the transaction that have a column. */
  readonly attributes: readonly string[];
}

async function openRows(path: string): Promise<RowFile> {
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
  const names = metadata.schema.map(({ name }) => name).filter((name) => name.startsWith(attributePrefix));
  const attributes = names.map((name) => name.slice(attributePrefix.length));
  return { file, metadata, rowCount: Number(metadata.num_rows), attributes };
}

async function* readRows(
  { file, metadata, rowCount, attributes }: RowFile,
  featureNames: readonly string[],
  sequences: SequenceReader | undefined,
): AsyncGenerator<readonly StoredRow[]> {
  const timesOf = async (rowStart: number, rowEnd: number): Promise<readonly number[]> => {
    const rows = await parquetReadObjects({ file, metadata, columns: ["occurredAtMs"], rowStart, rowEnd });
    return rows.map((row) => Number(row["occurredAtMs"]));
  };
  const [lastMs = 0] = await timesOf(rowCount - 1, rowCount);
  const fromMs = lastMs - referenceDays * dayMs;
  const fields = attributes.map((field) => `${attributePrefix}${field}`);
  const labels = ["labelFraud", "labelledAtMs", "labelSource"];
  const columns = ["occurredAtMs", "ruleOutcome", ...labels, ...fields, ...featureNames];
  for (let rowStart = 0; rowStart < rowCount; rowStart += trainerLimits.referenceReadRows) {
    const rowEnd = Math.min(rowCount, rowStart + trainerLimits.referenceReadRows);
    const times = await timesOf(rowStart, rowEnd);
    if ((times.at(-1) ?? 0) < fromMs) continue;
    const rows = await parquetReadObjects({ file, metadata, columns, rowStart, rowEnd });
    const behind = await sequences?.read(rowStart, rowEnd);
    const all = rows.map((row, index) => storedRow(row, { fields, featureNames, behind: behind?.[index] }));
    yield all.filter(({ occurredAtMs }) => occurredAtMs >= fromMs);
  }
}

function storedRow(
  row: Readonly<Record<string, unknown>>,
  names: {
    readonly fields: readonly string[];
    readonly featureNames: readonly string[];
    /** What lies behind the features. */
    readonly behind: Float32Array | undefined;
  },
): StoredRow {
  const source = labelSources.find((known) => known === row["labelSource"]);
  return {
    occurredAtMs: Number(row["occurredAtMs"]),
    ruleOutcome: Number(row["ruleOutcome"]),
    fraud: row["labelFraud"] === true,
    label: labelOf(source, row["labelledAtMs"]),
    attributes: names.fields.map((field) => {
      const value = row[field];
      return typeof value === "string" ? value : undefined;
    }),
    vector: Float32Array.of(...names.featureNames.map((name) => Number(row[name])), ...(names.behind ?? [])),
  };
}

function labelOf(source: LabelSource | undefined, labelledAtMs: unknown): ReferenceRow["label"] {
  return source === undefined ? undefined : { source, labelledAtMs: Number(labelledAtMs) };
}

/** The model's columns of the vector, its scores, and what was decided from them. */
async function scored(
  rows: readonly StoredRow[],
  { model, columns }: { readonly model: ScoringModel; readonly columns: Int32Array },
): Promise<readonly ReferenceRow[]> {
  const found: ReferenceRow[] = [];
  for (let at = 0; at < rows.length; at += trainerLimits.referenceBatchRows) {
    const some = rows.slice(at, at + trainerLimits.referenceBatchRows);
    const input = new Float32Array(some.length * columns.length);
    for (const [row, { vector }] of some.entries()) {
      for (const [place, column] of columns.entries())
        input[row * columns.length + place] = vector[column] ?? 0;
    }
    const scores = await model.score(input, some.length);
    for (const [index, { ruleOutcome, ...row }] of some.entries()) {
      const score = scores[index] ?? Number.NaN;
      found.push({ ...row, score, outcome: outcomeOf(score, ruleOutcome, model) });
    }
  }
  return found;
}

/** The stricter of what the rules and the thresholds say. */
function outcomeOf(score: number, ruleOutcome: number, { thresholds }: ScoringModel): Outcome {
  const ofModel = score >= thresholds.decline ? 2 : score >= thresholds.review ? 1 : 0;
  return outcomes[Math.max(ofModel, ruleOutcome)] ?? "approve";
}
