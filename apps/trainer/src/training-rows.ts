import type { LabelSource } from "@tollgate/contracts";
import { ParquetWriter, fileWriter, schemaFromColumnData, type ColumnSource } from "hyparquet-writer";
import { trainerLimits } from "./limits.ts";

/** One transaction as the trainer sees it; the features are given beside it. */
export interface TrainingRow {
  readonly transactionId: string;
  /** Key of the engagement's transactional entity: the card. */
  readonly entityKey: string;
  readonly occurredAtMs: number;
  /** What the label says, once there is one. */
  readonly labelFraud: boolean | undefined;
  readonly labelledAtMs: number | undefined;
  readonly labelSource?: LabelSource | undefined;
  /** The simulation's truth: its fraud pattern. Used to judge a model, never to train it. */
  readonly pattern: string | undefined;
  /** What the rules alone would say: 0 approve, 1 review, 2 decline. */
  readonly ruleOutcome: number;
  readonly rulesFired: number;
  /** Values of the attributes that were named to the writer, in their order. */
  readonly attributes?: readonly (string | undefined)[];
  /** Attributes of the person, in the order that was named to the writer. */
  readonly segments?: readonly (string | undefined)[];
}

/** Writes training rows to a Parquet file, one row group at a time. */
export interface TrainingRowWriter {
  add(row: TrainingRow, vector: Float32Array): Promise<void>;
  finish(): Promise<void>;
}

/** Before the name of a transaction's field: the reference of a model is made from it, never the model. */
export const attributePrefix = "attribute_";
/** Before the name of an attribute of the person: fairness is judged by it, nothing else sees it. */
export const segmentPrefix = "segment_";

/**
 * A Parquet file with the columns of {@link TrainingRow} and a float32 column for each feature, by name.
 * @param options.attributes fields that get a column each, and with them the label's source.
 * @param options.segments names of the rows' segments, which get a column each.
 */
export function createTrainingRowWriter(
  path: string,
  featureNames: readonly string[],
  options: {
    readonly rowGroupRows?: number;
    readonly attributes?: readonly string[];
    readonly segments?: readonly string[];
  } = {},
): TrainingRowWriter {
  const { rowGroupRows = trainerLimits.rowGroupRows, attributes, segments = [] } = options;
  let group = emptyGroup(featureNames.length, rowGroupRows);
  let parquet: ParquetWriter | undefined;
  const flush = async (): Promise<void> => {
    if (group.rows.length === 0) return;
    const columnData = [
      ...columnsOf(group, featureNames),
      ...attributeColumns(group, attributes),
      ...segmentColumns(group, segments),
    ];
    parquet ??= new ParquetWriter({
      writer: fileWriter(path),
      schema: schemaFromColumnData({ columnData }),
      statistics: false,
    });
    await parquet.write({ columnData, rowGroupSize: rowGroupRows });
    group = emptyGroup(featureNames.length, rowGroupRows);
  };
  return {
    async add(row, vector) {
      for (const [column, values] of group.features.entries())
        values[group.rows.length] = vector[column] ?? 0;
      group.rows.push(row);
      if (group.rows.length === rowGroupRows) await flush();
    },
    async finish() {
      await flush();
      await parquet?.finish();
    },
  };
}

interface RowGroup {
  readonly rows: TrainingRow[];
  readonly features: readonly Float32Array[];
}

function emptyGroup(featureCount: number, rowGroupRows: number): RowGroup {
  return { rows: [], features: Array.from({ length: featureCount }, () => new Float32Array(rowGroupRows)) };
}

function attributeColumns({ rows }: RowGroup, attributes: readonly string[] | undefined): ColumnSource[] {
  if (attributes === undefined) return [];
  const text = { type: "STRING", nullable: true } as const;
  return [
    { name: "labelSource", data: rows.map(({ labelSource }) => labelSource), ...text },
    ...attributes.map((field, place) => ({
      name: `${attributePrefix}${field}`,
      data: rows.map((row) => row.attributes?.[place]),
      ...text,
    })),
  ];
}

function segmentColumns({ rows }: RowGroup, segments: readonly string[]): ColumnSource[] {
  return segments.map((name, place) => ({
    name: `${segmentPrefix}${name}`,
    data: rows.map((row) => row.segments?.[place]),
    type: "STRING",
    nullable: true,
  }));
}

function columnsOf({ rows, features }: RowGroup, featureNames: readonly string[]): ColumnSource[] {
  const required = { nullable: false } as const;
  const optional = { nullable: true } as const;
  return [
    { name: "transactionId", type: "STRING", data: rows.map((row) => row.transactionId), ...required },
    { name: "entityKey", type: "STRING", data: rows.map((row) => row.entityKey), ...required },
    { name: "occurredAtMs", type: "DOUBLE", data: rows.map((row) => row.occurredAtMs), ...required },
    { name: "labelFraud", type: "BOOLEAN", data: rows.map((row) => row.labelFraud), ...optional },
    { name: "labelledAtMs", type: "DOUBLE", data: rows.map((row) => row.labelledAtMs), ...optional },
    { name: "pattern", type: "STRING", data: rows.map((row) => row.pattern), ...optional },
    { name: "ruleOutcome", type: "INT32", data: rows.map((row) => row.ruleOutcome), ...required },
    { name: "rulesFired", type: "INT32", data: rows.map((row) => row.rulesFired), ...required },
    ...featureNames.map((name, column): ColumnSource => ({
      name,
      type: "FLOAT",
      data: features[column]?.subarray(0, rows.length) ?? [],
      ...required,
    })),
  ];
}
