import { promisify } from "node:util";
import { zstdDecompressSync } from "node:zlib";
import type { DatasetDefinition } from "@tollgate/engagement";
import {
  asyncBufferFromFile,
  parquetMetadataAsync,
  parquetScan,
  type AsyncBuffer,
  type DecodedArray,
} from "hyparquet";
import { SimulatorError } from "./errors.ts";
import type { FileRows } from "./file-events.ts";
import { simulatorLimits } from "./limits.ts";

/** hyparquet brings Snappy itself; zstd and the like come from Node. */
const compressors = {
  ZSTD: (input: Uint8Array): Uint8Array => zstdDecompressSync(input),
};

const yieldToOthers = promisify(setImmediate);

/** A Parquet file, one row group at a time as columns; rows are made as they are asked for. */
export async function* parquetRows(path: string, dataset: DatasetDefinition): FileRows {
  const file = await open(path);
  const metadata = await readable(path, parquetMetadataAsync(file));
  const present = new Set(metadata.schema.map((element) => element.name));
  const missing = dataset.columns.filter((column) => !present.has(column));
  if (missing.length > 0) {
    const needed = `${dataset.name} needs ${dataset.columns.join(", ")}`;
    throw new SimulatorError("COLUMNS_MISSING", `${path} has no column ${missing.join(", ")}: ${needed}`);
  }
  const columns = [...dataset.columns];
  const scan = await readable(path, parquetScan({ file, metadata, columns, compressors }));
  for (const range of scan.ranges) {
    const values = new Map<string, DecodedArray>();
    for (const column of columns) {
      values.set(column, await readable(path, scan.readColumn({ column, ...range })));
    }
    const count = range.rowEnd - range.rowStart;
    for (let from = 0; from < count; from += simulatorLimits.fileChunk) {
      yield rowsOf(values, from, Math.min(from + simulatorLimits.fileChunk, count));
      await yieldToOthers();
    }
  }
}

function rowsOf(
  columns: ReadonlyMap<string, DecodedArray>,
  from: number,
  to: number,
): Record<string, unknown>[] {
  const rows = Array.from({ length: to - from }, (): Record<string, unknown> => ({}));
  for (const [name, values] of columns) {
    for (const [index, row] of rows.entries()) row[name] = values[from + index];
  }
  return rows;
}

async function open(path: string): Promise<AsyncBuffer> {
  try {
    return await asyncBufferFromFile(path);
  } catch (error) {
    throw new SimulatorError("FILE_UNREADABLE", `${path} cannot be read: ${(error as Error).message}`);
  }
}

async function readable<Part>(path: string, reading: Promise<Part>): Promise<Part> {
  try {
    return await reading;
  } catch (error) {
    throw new SimulatorError(
      "FILE_DAMAGED",
      `${path} is not a sound Parquet file: ${(error as Error).message}`,
    );
  }
}
