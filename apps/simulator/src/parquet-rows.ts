import { promisify } from "node:util";
import { zstdDecompressSync } from "node:zlib";
import type { DatasetDefinition } from "@tollgate/engagement";
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, type AsyncBuffer } from "hyparquet";
import { SimulatorError } from "./errors.ts";
import type { FileRows } from "./file-events.ts";
import { simulatorLimits } from "./limits.ts";

/** hyparquet brings Snappy itself; zstd and the like come from Node. */
const compressors = {
  ZSTD: (input: Uint8Array): Uint8Array => zstdDecompressSync(input),
};

const yieldToOthers = promisify(setImmediate);

/** A Parquet file, one row group at a time, only the columns that are needed. */
export async function* parquetRows(path: string, dataset: DatasetDefinition): FileRows {
  const file = await open(path);
  const metadata = await readable(path, parquetMetadataAsync(file));
  const present = new Set(metadata.schema.map((element) => element.name));
  const missing = dataset.columns.filter((column) => !present.has(column));
  if (missing.length > 0) {
    const needed = `${dataset.name} needs ${dataset.columns.join(", ")}`;
    throw new SimulatorError("COLUMNS_MISSING", `${path} has no column ${missing.join(", ")}: ${needed}`);
  }
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    const columns = [...dataset.columns];
    const read = parquetReadObjects({ file, metadata, columns, rowStart, rowEnd, compressors });
    const rows = await readable(path, read);
    for (let from = 0; from < rows.length; from += simulatorLimits.fileChunk) {
      yield rows.slice(from, from + simulatorLimits.fileChunk);
      await yieldToOthers();
    }
    rowStart = rowEnd;
  }
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
