import { zstdDecompressSync } from "node:zlib";
import type { CompiledEngagement } from "@tollgate/engagement";
import type { CardPayment } from "@tollgate/engagement-card-payments";
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, type Compressors } from "hyparquet";
import { trainerLimits } from "./limits.ts";
import { TrainerError } from "./trainer-error.ts";

/** The file is compressed with Zstandard, which Node itself has. */
const compressors: Compressors = { ZSTD: (input) => new Uint8Array(zstdDecompressSync(input)) };

/** A payment of the Handbook's file with its truth. */
export interface HandbookPayment {
  readonly payment: CardPayment;
  readonly fraud: boolean;
  /** Which of the simulation's three scenarios made it; undefined for an honest one. */
  readonly scenario: string | undefined;
}

/** Reads the Handbook's Parquet file in its order, which is that of time, a part at a time. */
export async function* readHandbook(
  path: string,
  { engagement }: Pick<CompiledEngagement<CardPayment>, "engagement">,
): AsyncGenerator<HandbookPayment> {
  const definition = engagement.datasets.find(({ name }) => name === "handbook");
  if (definition === undefined) throw new TrainerError(`"${engagement.name}" has no importer for "handbook"`);
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
  const rowCount = Number(metadata.num_rows);
  const columns = [...definition.columns, "TX_FRAUD_SCENARIO"];
  for (let rowStart = 0; rowStart < rowCount; rowStart += trainerLimits.readRows) {
    const rowEnd = Math.min(rowCount, rowStart + trainerLimits.readRows);
    const rows = await parquetReadObjects({ file, metadata, columns, rowStart, rowEnd, compressors });
    for (const [position, row] of rows.entries()) {
      const { transaction, fraud } = definition.toTransaction(row, rowStart + position);
      yield {
        payment: engagement.transaction.fromWire(transaction),
        fraud: fraud === true,
        scenario: fraud === true ? `scenario-${String(row["TX_FRAUD_SCENARIO"])}` : undefined,
      };
    }
  }
}
