import { createReadStream } from "node:fs";
import type { BaseTransaction } from "@tollgate/contracts";
import type { Engagement, SimulatedTransaction } from "@tollgate/engagement";
import { parse } from "csv-parse";
import { TrainerError } from "./trainer-error.ts";

const dayMs = 86_400_000;

/**
 * The transactions of a CSV file that the engagement has an importer for, in the file's order, which must be
 * that of time. Each gets its label when the importer says; what kind of fraud it is, a file does not know.
 */
export async function* readDataset<T extends BaseTransaction>(
  path: string,
  { name, datasets, transaction: schema }: Engagement<T>,
): AsyncGenerator<SimulatedTransaction<T>> {
  const dataset = datasets.find(({ format }) => format === "csv");
  if (dataset === undefined)
    throw new TrainerError(`"${name}" has no importer of a CSV file: leave out --data`);
  const rows: AsyncIterable<Readonly<Record<string, string>>> = createReadStream(path).pipe(
    parse({ columns: true, bom: true }),
  );
  let rowNumber = 0;
  for await (const row of rows) {
    const absent = rowNumber > 0 ? [] : dataset.columns.filter((column) => !(column in row));
    if (absent.length > 0) throw new TrainerError(`${path} lacks the columns ${absent.join(", ")}`);
    rowNumber += 1;
    const { transaction: wire, fraud } = dataset.toTransaction(row, rowNumber);
    const parsed = schema.parse(wire, Number.MAX_SAFE_INTEGER);
    if (!parsed.ok) {
      const faults = parsed.faults.map((fault) => `${fault.path} ${fault.message}`).join("; ");
      throw new TrainerError(`${path}, row ${rowNumber}: ${faults}`);
    }
    const { value } = parsed;
    const labelledAtMs = value.occurredAtMs + dataset.labelDelayDays * dayMs;
    const label = { labelledAtMs, source: "chargeback", fraud: true } as const;
    yield {
      transaction: value,
      pattern: fraud === true ? "fraud" : undefined,
      label: fraud ? label : undefined,
    };
  }
}
