import { createReadStream } from "node:fs";
import type { DatasetDefinition } from "@tollgate/engagement";
import { CsvError, parse } from "csv-parse";
import { SimulatorError } from "./errors.ts";
import type { FileRows } from "./file-events.ts";
import { simulatorLimits } from "./limits.ts";

type Row = Readonly<Record<string, unknown>>;

/** A CSV file with a header line, read as a stream. */
export async function* csvRows(path: string, dataset: DatasetDefinition): FileRows {
  const file = createReadStream(path);
  const parser = parse({ columns: (header: string[]) => checkHeader(header, path, dataset), bom: true });
  file.on("error", (error) => parser.destroy(error));
  file.pipe(parser);
  let rows: Row[] = [];
  try {
    for await (const row of parser) {
      rows.push(row as Row);
      if (rows.length < simulatorLimits.fileChunk) continue;
      yield rows;
      rows = [];
    }
  } catch (error) {
    throw asSimulatorError(error as Error, path);
  } finally {
    file.destroy();
  }
  if (rows.length > 0) yield rows;
}

function checkHeader(header: string[], path: string, dataset: DatasetDefinition): (string | false)[] {
  const missing = dataset.columns.filter((column) => !header.includes(column));
  if (missing.length > 0) {
    const needed = `${dataset.name} needs ${dataset.columns.join(", ")}`;
    throw new SimulatorError("COLUMNS_MISSING", `${path} has no column ${missing.join(", ")}: ${needed}`);
  }
  // Columns nobody asks for are not even made into strings.
  return header.map((column) => (dataset.columns.includes(column) ? column : false));
}

function asSimulatorError(error: Error, path: string): Error {
  if (error instanceof SimulatorError) return error;
  if (error instanceof CsvError) return new SimulatorError("FILE_DAMAGED", `${path}: ${error.message}`);
  return new SimulatorError("FILE_UNREADABLE", `${path} cannot be read: ${error.message}`);
}
